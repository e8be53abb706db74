//! Judges of a trace.

mod cache;
mod chunks;
mod decoded;
mod decoders;
mod decodings;
#[cfg(test)]
mod encoders;
mod encoding;
mod evidence;
mod hang;
mod identity;
#[cfg(test)]
mod identity_tests;
mod invariant;
mod judge;
mod kind;
mod likeness;
mod names;
mod noise;
mod panic;
#[cfg(test)]
mod properties;
mod registry;
mod residue;
mod rules;
#[cfg(test)]
pub(crate) mod samples;
mod secret_index;
mod secret_search;
mod secrets;
#[cfg(test)]
mod secrets_tests;
mod solo;
#[cfg(test)]
mod solo_tests;
#[cfg(test)]
mod trace_sample;
mod view;
mod violation;
#[cfg(test)]
pub(crate) use encoders::Encoder;
pub use encoding::Encoding;
pub(crate) use evidence::{BrokenInvariant, Ended, Evidence, Hang, PanicNote, Residue, ScriptOutcome};
pub(crate) use judge::Judge;
pub use kind::{Kind, UnknownKind};
pub use likeness::Likeness;
pub use noise::LeftOut;
pub(crate) use rules::{IsShared, MayDiffer, Rules};
pub use view::{ExecutionView, Oracle};
pub use violation::Violation;
