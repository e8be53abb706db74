//! Factories beside the canonical one.

mod agent_instance;
mod cached;
mod duplicate;
mod global;
mod legacy;
mod request_scoped;
mod unified;

pub use agent_instance::AgentInstanceFactory;
pub use cached::CachedEngineFactory;
pub use duplicate::ExecutionFactory;
pub use global::GlobalEngineFactory;
pub use legacy::LegacyExecutionEngineFactory;
pub use request_scoped::RequestScopedFactory;
pub use unified::UnifiedExecutionEngineFactory;
