//! Engines beside the canonical one.

mod answering;
mod consolidated;
mod consolidated_wrapper;
mod core;
mod deprecated;
mod isolated;
mod mcp;
mod request_scoped;
mod supervisor;
mod supervisor_adapter;
mod tool_registry;
mod two_trackers;

pub use answering::AnsweringEngineFactory;
pub use consolidated::{ConsolidatedEngineFactory, ConsolidatedExecutionEngine};
pub use consolidated_wrapper::{ConsolidatedExecutionEngineWrapper, ConsolidatedWrapperFactory};
pub use core::{CoreEngineFactory, CoreExecutionEngine};
pub use deprecated::{DeprecatedEngineFactory, ExecutionEngine};
pub use isolated::{IsolatedEngineFactory, IsolatedExecutionEngine};
pub use mcp::{McpEngineFactory, McpEnhancedExecutionEngine};
pub use request_scoped::{FrozenContextFactory, RequestScopedExecutionEngine};
pub use supervisor::{SupervisorEngineFactory, SupervisorExecutionEngine};
pub use supervisor_adapter::{SupervisorAdapterFactory, SupervisorExecutionEngineAdapter};
pub use tool_registry::{ToolRegistryEngineFactory, ToolRegistryExecutionEngine};
pub use two_trackers::TwoTrackersFactory;
