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
mod likeness;
mod memo;
mod names;
mod noise;
mod panic;
#[cfg(test)]
mod properties;
mod readings;
mod residue;
mod rules;
#[cfg(test)]
pub(crate) mod samples;
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
pub(crate) use evidence::{Ended, Evidence, Fate, Hang, PanicNote, Residue};
pub use form::Form;
pub(crate) use judge::Judge;
pub use kind::{Kind, UnknownKind};
pub use likeness::Likeness;
pub use noise::LeftOut;
pub(crate) use rules::{IsShared, MayDiffer, Rules};
pub use violation::Violation;
