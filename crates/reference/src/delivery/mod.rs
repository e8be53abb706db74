//! The way of events from an engine to the client of its user.

mod channel;
mod socket;
mod unified_emitter;

pub use channel::Channel;
pub use socket::{Frame, Socket};
pub use unified_emitter::UnifiedWebSocketEmitter;
