//! The events of a run, which are sent to its user.

mod event;
mod kind;
mod payload;

pub use event::Event;
pub use kind::EventKind;
pub use payload::{EventPayload, Outcome};
