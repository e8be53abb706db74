use std::collections::HashMap;
use std::path::Path;
use std::time::{Duration, SystemTime};

use ssot_harness::__command::Entry;

use crate::git::Git;

/// Tells how long tests have been in their state, by the dates of commits.
#[derive(Debug)]
pub(crate) struct Ages {
    git: Option<Git>,
    now: SystemTime,
    known: HashMap<String, Option<SystemTime>>,
}

impl Ages {
    /// Ages as of now; where there is no git, none is known.
    pub(crate) fn of(git: Option<Git>) -> Self {
        Self {
            git,
            now: SystemTime::now(),
            known: HashMap::new(),
        }
    }

    /// How long ago the revision was committed that the entry names, or else the file that holds it.
    pub(crate) fn of_entry(&mut self, entry: &Entry, file: &Path) -> Option<Duration> {
        let git = self.git.as_ref()?;
        let committed = revision(entry)
            .and_then(|revision| {
                *self
                    .known
                    .entry(revision.to_owned())
                    .or_insert_with(|| git.commit_time(revision))
            })
            .or_else(|| git.last_commit_of(file))?;
        // A commit from a clock that was ahead is as young as can be.
        Some(self.now.duration_since(committed).unwrap_or_default())
    }
}

/// The commit at which a test came to its state, without regard to what was not committed then.
pub(crate) fn revision(entry: &Entry) -> Option<&str> {
    let revision = match &entry.green {
        Some(green) => green.revision.as_deref(),
        None => entry.red.revision.as_deref(),
    };
    revision.map(|revision| revision.trim_end_matches("-dirty"))
}

/// An age in its largest whole unit: `3 days`.
pub(crate) fn in_words(age: Duration) -> String {
    const MINUTE: u64 = 60;
    const HOUR: u64 = 60 * MINUTE;
    const DAY: u64 = 24 * HOUR;
    let seconds = age.as_secs();
    let units = [
        (365 * DAY, "year"),
        (30 * DAY, "month"),
        (DAY, "day"),
        (HOUR, "hour"),
        (MINUTE, "minute"),
    ];
    for (length, unit) in units {
        match seconds / length {
            0 => {}
            1 => return format!("1 {unit}"),
            many => return format!("{many} {unit}s"),
        }
    }
    "now".to_owned()
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use super::in_words;

    #[test]
    fn an_age_is_told_in_its_largest_whole_unit() {
        for (seconds, words) in [
            (0, "now"),
            (59, "now"),
            (60, "1 minute"),
            (7_199, "1 hour"),
            (7_200, "2 hours"),
            (86_400 * 29, "29 days"),
            (86_400 * 59, "1 month"),
            (86_400 * 800, "2 years"),
        ] {
            assert_eq!(in_words(Duration::from_secs(seconds)), words);
        }
    }
}
