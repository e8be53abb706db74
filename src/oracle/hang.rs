//! Users must not wait for what can never come.

use super::evidence::Hang;
use super::{Kind, Violation};
use crate::user::Population;

/// One violation for the whole hang, under the first user who waits: the others wait for the same knot.
pub(super) fn judge(population: &Population, hang: &Hang) -> Violation {
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
