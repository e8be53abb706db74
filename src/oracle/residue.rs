//! When its users have left, the system must be as it was before they came.

use serde_json::Value;

use super::evidence::Residue;
use super::{ExecutionView, Kind, Oracle, Violation};

/// So many differences are named; the rest are counted.
const NAMED: usize = 4;

pub(super) struct Residues;

impl Oracle for Residues {
    fn name(&self) -> &'static str {
        "residue"
    }

    fn judge(&self, execution: &ExecutionView<'_>) -> Vec<Violation> {
        let residue = execution.evidence.residue.iter();
        residue
            .filter_map(|residue| violation(residue, execution.steps()))
            .collect()
    }
}

fn violation(residue: &Residue, step: u32) -> Option<Violation> {
    let mut differences = Vec::new();
    compare(
        &mut String::new(),
        Some(&residue.before),
        Some(&residue.after),
        &mut differences,
    );
    differences.extend(residue.beside.iter().cloned());
    if differences.is_empty() {
        return None;
    }
    let more = match differences.len().saturating_sub(NAMED) {
        0 => String::new(),
        more => format!("; and {more} more"),
    };
    differences.truncate(NAMED);
    let detail = format!("what the users leave behind: {}{more}", differences.join("; "));
    Some(Violation::new(Kind::Residue, step, detail))
}

fn compare(path: &mut String, before: Option<&Value>, after: Option<&Value>, differences: &mut Vec<String>) {
    if before == after {
        return;
    }
    let length = path.len();
    match (before, after) {
        (Some(Value::Object(old)), Some(Value::Object(new))) => {
            let added = new.keys().filter(|key| !old.contains_key(*key));
            for key in old.keys().chain(added) {
                if length > 0 {
                    path.push('.');
                }
                path.push_str(key);
                compare(path, old.get(key), new.get(key), differences);
                path.truncate(length);
            }
        }
        (Some(Value::Array(old)), Some(Value::Array(new))) => {
            for index in 0..old.len().max(new.len()) {
                path.extend(["[", &index.to_string(), "]"]);
                compare(path, old.get(index), new.get(index), differences);
                path.truncate(length);
            }
        }
        _ => {
            let place = if path.is_empty() { "the inspection" } else { path };
            differences.push(format!("{place} was {} and is {}", show(before), show(after)));
        }
    }
}

fn show(value: Option<&Value>) -> String {
    value.map_or_else(|| String::from("absent"), Value::to_string)
}
