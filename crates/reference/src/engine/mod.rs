//! The canonical engine: runs, tools and pipelines of one user.

mod admission;
mod context_handle;
mod pipeline;
mod statistics;
mod user_engine;

pub use pipeline::{PipelineError, Step, StepOutput};
pub use statistics::EngineStatistics;
pub use user_engine::UserExecutionEngine;
