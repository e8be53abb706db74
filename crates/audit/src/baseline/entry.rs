//! One line of a baseline.

use crate::finding::{Finding, Level, Rule};

/// A finding that is known: no line numbers, no counts.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct Entry {
    pub(crate) rule: Rule,
    pub(crate) place: String,
    pub(crate) target: String,
    pub(crate) shape: String,
    /// Why it was let in.
    pub(crate) reason: String,
}

impl Entry {
    /// The entry of a finding, if it is of those that fail an audit.
    pub(crate) fn of(finding: &Finding, reason: &str) -> Option<Self> {
        (finding.level == Level::Error).then(|| Self {
            rule: finding.rule,
            place: finding.place.clone(),
            target: finding.target.clone(),
            shape: finding.shape.clone(),
            reason: one_line(reason),
        })
    }

    /// A line: five fields between tabs.
    pub(super) fn line(&self) -> String {
        let Self {
            rule,
            place,
            target,
            shape,
            reason,
        } = self;
        format!("{rule}\t{place}\t{target}\t{shape}\t{reason}")
            .trim_end()
            .to_owned()
    }

    /// What a line says.
    pub(super) fn parse(line: &str) -> Result<Self, String> {
        let fields: Vec<&str> = line.split('\t').collect();
        let (rule, place, target, shape, reason) = match &*fields {
            [rule, place, target, shape] => (rule, place, target, shape, ""),
            [rule, place, target, shape, reason] => (rule, place, target, shape, *reason),
            _ => {
                return Err(format!(
                    "a line has a rule, a place, a target and a shape between tabs, not {} fields",
                    fields.len()
                ));
            }
        };
        let rule = Rule::parse(rule).ok_or_else(|| format!("there is no rule `{rule}`"))?;
        Ok(Self {
            rule,
            place: (*place).to_owned(),
            target: (*target).to_owned(),
            shape: (*shape).to_owned(),
            reason: reason.to_owned(),
        })
    }

    pub(super) fn same_as(&self, other: &Self) -> bool {
        self.rule == other.rule && self.place == other.place && self.target == other.target
    }
}

fn one_line(reason: &str) -> String {
    reason.split_whitespace().collect::<Vec<_>>().join(" ")
}

/// The last names of a path.
pub(super) fn last(path: &str, count: usize) -> &str {
    let at = path.rmatch_indices("::").nth(count - 1);
    at.map_or(path, |(at, _)| &path[at + 2..])
}

#[cfg(test)]
mod tests {
    use super::{Entry, last};

    #[test]
    fn a_line_is_read_as_it_was_written() {
        let line = "SSOT003\tapp::a::f\tapp::Engine\t00ff\twe know";
        assert_eq!(Entry::parse(line).expect("it is one").line(), line);
        let short = "SSOT003\tapp::a::f\tapp::Engine\t00ff";
        assert_eq!(Entry::parse(short).expect("it is one").line(), short);
    }

    #[test]
    fn the_last_names_are_those_behind_colons() {
        assert_eq!(last("a::b::c", 1), "c");
        assert_eq!(last("a::b::c", 2), "b::c");
        assert_eq!(last("c", 2), "c");
    }
}
