//! Judges of a trace.

mod chunks;
mod decoders;
mod evidence;
mod form;
mod hang;
mod identity;
mod judge;
mod kind;
mod memo;
mod names;
mod panic;
mod readings;
mod residue;
mod rules;
mod search;
mod secrets;
mod solo;
mod violation;
mod windows;

pub(crate) use evidence::{Evidence, Fate, Hang, PanicNote, Residue};
pub use form::Form;
pub(crate) use judge::Judge;
pub use kind::{Kind, UnknownKind};
pub(crate) use rules::{Allow, Rules};
pub(crate) use violation::Key;
pub use violation::Violation;
