//! The events that a run sends to its user.

mod event;
mod kind;
mod payload;

pub use event::Event;
pub use kind::EventKind;
pub use payload::{EventPayload, Outcome};
