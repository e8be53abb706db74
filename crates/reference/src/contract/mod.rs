//! What engines, factories and orchestrators promise, whoever implements them.

mod engine;
mod factory;
mod handle;
mod orchestrator;
mod request;

pub use engine::ExecutionEngine;
pub use factory::EngineFactory;
pub use handle::{ContextHandle, StatusView};
pub use orchestrator::Orchestrator;
pub use request::{Answer, Request};
