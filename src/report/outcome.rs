use super::finding::Finding;
use super::passed::Passed;
use super::refusal::Refusal;

/// What a check comes to.
#[derive(Clone, Copy, Debug)]
pub(crate) enum Outcome<'o> {
    Violation(&'o Finding),
    Refused(&'o Refusal),
    Passed(&'o Passed),
}
