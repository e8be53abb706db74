//! Supervisors, and the registries of their agents.

mod agent_registry;
mod broadcast_cursor;
pub mod consolidated;
pub mod duplicate;
mod restarting;

pub use agent_registry::{AgentRegistry, DuplicateRegistryFactory};
pub use broadcast_cursor::BroadcastCursorFactory;
pub use restarting::RestartingFactory;
