//! Nothing may panic that does not panic when each user is alone.

use super::evidence::{Evidence, PanicNote, ScriptOutcome};
use super::rules::Rules;
use super::{ExecutionView, Kind, Oracle, Violation};
use crate::user::Population;

/// The panics that end no script and that no solo run knows: those in tasks that the system spawned, and those that
/// the system caught in a script's own call. A script that ends in a panic is for the comparison of fates.
///
/// A user whose call the schedule dropped is not accused of a panic of its own: the harness dropped the call, not
/// another user, and no solo run says what a dropped call does. What that panic does to others shows in their fates.
/// A panic in a spawned task has no such excuse, since tasks must survive that a client goes away.
pub(super) struct Panics;

impl Oracle for Panics {
    fn name(&self) -> &'static str {
        "panics"
    }

    fn judge(&self, execution: &ExecutionView<'_>) -> Vec<Violation> {
        let ExecutionView {
            population,
            rules,
            known_panics,
            evidence,
        } = execution;
        evidence
            .panics
            .iter()
            .filter(|note| !known_panics.contains(&note.message) && !ends_script(note, evidence))
            .map(|note| violation(population, rules, note))
            .collect()
    }
}

fn ends_script(note: &PanicNote, evidence: &Evidence<'_>) -> bool {
    let script_outcome = note.user.map(|user| evidence.script_outcome(user));
    matches!(
        script_outcome,
        Some(ScriptOutcome::Cancelled { .. } | ScriptOutcome::Panicked(_))
    )
}

fn violation(population: &Population, rules: &Rules, note: &PanicNote) -> Violation {
    let PanicNote {
        user,
        message,
        location,
        step,
    } = note;
    let place = match user {
        Some(user) => format!("in a call of {}'s", population.identity(*user).name()),
        None => String::from("in a task that the system spawned"),
    };
    let whose = if rules.together {
        "it is not there when the users come one after another"
    } else {
        "no user alone meets it"
    };
    let detail = format!("a panic {place}, at {location}: {message}; {whose}");
    let violation = Violation::new(Kind::Interference, *step, detail).saying(message);
    match user {
        Some(user) => violation.by(population, *user),
        None => violation,
    }
}
