//! The events of a stream: which may come in which order, and snapshots of them.

mod ag_ui;
mod automaton;
mod bundled;
mod check;
mod checker;
mod error;
mod event;
mod follow;
mod machine;
mod misfit;
mod model_apis;
mod oracle;
mod pattern;
mod protocol;
#[cfg(feature = "insta")]
mod snapshot;
#[cfg(test)]
mod tests;

pub use error::ProtocolError;
pub use pattern::{either, seq};
pub use protocol::Protocol;
#[cfg(feature = "insta")]
pub(crate) use snapshot::EventSnapshot;
