//! What stands on top of engines: workflows, supervisors, conversations, and the agents and sessions that they need.

mod chat;
mod orchestrator;
mod registry;
mod sufficiency;
mod supervisor;

pub use chat::ChatOrchestrator;
pub use orchestrator::WorkflowOrchestrator;
pub use registry::{AgentRegistry, UserSession, UserSettings};
pub use sufficiency::DataSufficiency;
pub use supervisor::{SupervisorAgent, SupervisorError};
