//! Judges of a trace.

mod chunks;
mod decoders;
#[cfg(test)]
mod encoders;
mod evidence;
mod form;
mod hang;
mod identity;
#[cfg(test)]
mod identity_tests;
mod judge;
mod kind;
mod memo;
mod names;
mod panic;
#[cfg(test)]
mod properties;
mod readings;
mod residue;
mod rules;
#[cfg(test)]
mod scene;
mod search;
mod secrets;
#[cfg(test)]
mod secrets_tests;
mod solo;
#[cfg(test)]
mod solo_tests;
mod violation;
mod windows;

pub(crate) use evidence::{Evidence, Fate, Hang, PanicNote, Residue};
pub use form::Form;
pub(crate) use judge::Judge;
pub use kind::{Kind, UnknownKind};
#[cfg_attr(
    test,
    expect(unused_imports, reason = "the isolation room, under way, names these types")
)]
pub(crate) use rules::Allow;
pub(crate) use rules::Rules;
#[cfg_attr(
    test,
    expect(unused_imports, reason = "the isolation room, under way, names these types")
)]
pub(crate) use violation::Key;
pub use violation::Violation;
