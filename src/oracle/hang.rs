//! Users must not wait for what can never come.

use super::evidence::Hang;
use super::{ExecutionView, Kind, Oracle, Violation};
use crate::user::Population;

pub(super) struct Hangs;

impl Oracle for Hangs {
    fn name(&self) -> &'static str {
        "hangs"
    }

    fn judge(&self, execution: &ExecutionView<'_>) -> Vec<Violation> {
        let hang = execution.evidence.hang.iter();
        hang.map(|hang| violation(execution.population, hang)).collect()
    }
}

/// One violation for the whole hang, under the first user who waits: the others wait for the same knot.
pub(super) fn violation(population: &Population, hang: &Hang) -> Violation {
    let names: Vec<_> = hang
        .users
        .iter()
        .map(|&user| population.identity(user).name())
        .collect();
    let who = match names.split_last() {
        None => String::from("the system hangs"),
        Some((only, [])) => format!("{only} waits for ever"),
        Some((last, rest)) => format!("{} and {last} wait for ever", rest.join(", ")),
    };
    let violation = Violation::new(Kind::Hang, hang.step, format!("{who}: {}", hang.detail));
    match hang.users.first() {
        Some(&user) => violation.by(population, user),
        None => violation,
    }
}
