//! Judges of a trace.

#[cfg(feature = "http")]
mod credentials;
mod evidence;
mod hang;
mod identity;
#[cfg(test)]
mod identity_tests;
mod invariant;
mod judge;
mod kind;
mod learning;
mod likeness;
mod noise;
mod panic;
#[cfg(test)]
mod properties;
mod registry;
mod residue;
mod rules;
#[cfg(test)]
pub(crate) mod samples;
mod secrets;
#[cfg(test)]
mod secrets_tests;
mod solo;
#[cfg(test)]
mod solo_tests;
mod text_search;
#[cfg(test)]
mod trace_sample;
mod view;
mod violation;
pub(crate) use evidence::{BrokenInvariant, Ended, Evidence, Hang, PanicNote, Residue, ScriptOutcome};
pub(crate) use judge::Judge;
pub use kind::Kind;
pub use likeness::Likeness;
pub use noise::LeftOut;
pub(crate) use rules::{IsShared, MayDiffer, Rules};
#[cfg(test)]
pub(crate) use text_search::Encoder;
pub use text_search::Encoding;
pub use view::{ExecutionView, Oracle};
pub use violation::Violation;
