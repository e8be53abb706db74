//! Orchestrators that take engines which they should refuse.

mod duck_gate;
mod injected;
mod name_gate;
mod open_field;
mod remembered;
mod system;
mod warning;

pub use duck_gate::DuckGateFactory;
pub use injected::{InjectedOrchestratorFactory, WorkflowOrchestrator};
pub use name_gate::NameGateFactory;
pub use open_field::OpenFieldFactory;
pub use remembered::RememberingFactory;
pub use warning::WarningOrchestratorFactory;
