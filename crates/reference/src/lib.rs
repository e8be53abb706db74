//! A reference system for tests of user isolation: a small multi-user agent platform on plain tokio.
//!
//! [`ExecutionEngineFactory`] creates an engine for each user. An engine runs an agent, which asks a [`Model`] and calls
//! [`Tool`]s, and sends the events of each run to the sink of the engine's user. The engines of a factory share stores,
//! which are keyed by user, and no state that belongs to one user: no test of isolation may report anything here.
//!
//! [`workflow`] has orchestrators and supervisors on top of engines, [`delivery`] the channels of events to clients, and
//! [`platform`] everything together, from a user's login to the answer.
//!
//! The module [`legacy`] has faulty versions of it, two for each fault of the catalogue of violations that shows when a system
//! runs. Those of [`Legacy`](legacy::Legacy) let one user affect another, and a test of isolation must find each of them.
//!
//! The crate does not depend on ssot-harness, which re-exports it as `ssot_harness::reference` under the feature
//! `reference`.
//!
//! ```
//! # #[tokio::main(flavor = "current_thread")]
//! # async fn main() -> Result<(), Box<dyn std::error::Error>> {
//! use std::sync::Arc;
//!
//! use ssot_reference::{Config, EngineFactory, ExecutionEngineFactory, Mailbox, Request, RequestIds};
//!
//! let factory = ExecutionEngineFactory::new(Config::default());
//! let mailbox = Arc::new(Mailbox::default());
//! let ada = RequestIds {
//!     user: "ada".into(),
//!     thread: "thread-1".into(),
//!     run: "run-1".into(),
//!     session: "session-1".into(),
//! };
//! let engine = factory.create_for_user(ada, mailbox.clone()).await?;
//! let answer = engine.run(Request::new("billing", "what do I owe?")).await?;
//! assert!(answer.text.contains("what do I owe?"));
//! engine.close().await?;
//! assert_eq!(mailbox.events().len(), 7);
//! # Ok(())
//! # }
//! ```

#![forbid(unsafe_code)]

mod accounts;
mod call_queue;
mod config;
mod contract;
pub mod delivery;
mod emitter;
mod engine;
mod error;
pub mod events;
mod factory;
#[cfg(feature = "gateway")]
pub mod gateway;
mod gauge;
mod guarded;
mod identity;
pub mod legacy;
mod live;
mod metrics;
mod model;
pub mod platform;
mod registry;
mod services;
mod sink;
mod store;
mod tasks;
mod tools;
mod user_permits;
pub mod workflow;

pub use accounts::{Account, AccountStore};
pub use config::Config;
pub use contract::{
    Answer, ContextHandle, EngineFactory, ExecutionEngine, Orchestrator, Request, StatusView,
};
pub use emitter::{EventEmitter, RunEvents, ToolEvents};
pub use engine::{EngineStatistics, PipelineError, Step, StepOutput, UserExecutionEngine};
pub use error::{
    CloseError, CreateError, DeliveryError, DeprecatedEngine, ModelError, RunError, ScopeError, ToolError,
};
pub use factory::ExecutionEngineFactory;
pub use gauge::{Gauge, GaugeGuard};
pub use guarded::Guarded;
pub use identity::{
    CleanUpFailures, CleanUps, InvalidIdentity, RequestId, RequestIds, RunId, SessionId, ThreadId, TooDeep,
    UserExecutionContext, UserId,
};
pub use live::Live;
pub use metrics::{Metrics, MetricsSnapshot};
pub use model::{Exchange, Model, ObedientModel, Prompt, ScriptedModel};
pub use registry::{Registry, Slot};
pub use services::Services;
pub use sink::{EventSink, Mailbox, SinkClosed, UntypedEvent};
pub use store::ThreadStore;
pub use tools::{AccountLookup, NoteWriter, Tool};
