//! Judges of a trace.

mod kind;

pub use kind::{Kind, UnknownKind};
