//! Judges of a trace.

mod evidence;
mod form;
mod hang;
mod judge;
mod kind;
mod rules;
#[cfg(test)]
pub(crate) mod samples;
mod violation;

pub(crate) use evidence::{Evidence, Fate, Hang, PanicNote, Residue};
pub use form::Form;
pub(crate) use judge::Judge;
pub use kind::{Kind, UnknownKind};
pub(crate) use rules::{Allow, Rules};
pub(crate) use violation::Key;
pub use violation::Violation;
