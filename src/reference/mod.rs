//! A sound system for several users on plain tokio, on which every check must stay silent.
//!
//! ```
//! # #[tokio::main(flavor = "current_thread")]
//! # async fn main() -> Result<(), Box<dyn std::error::Error>> {
//! use std::sync::Arc;
//!
//! use ssot_harness::reference::{Config, EngineFactory, ExecutionEngineFactory, Mailbox, Request};
//! use ssot_harness::user::UserContext;
//!
//! let factory = ExecutionEngineFactory::new(Config::default());
//! let mailbox = Arc::new(Mailbox::default());
//! let ada = UserContext {
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

mod accounts;
mod config;
mod context;
mod contract;
mod emitter;
mod engine;
mod error;
mod factory;
mod gate;
mod gauge;
mod guarded;
pub mod legacy;
mod live;
mod metrics;
mod model;
mod registry;
mod services;
mod sink;
mod store;
mod tasks;
mod tools;

pub use accounts::{Account, AccountStore};
pub use config::Config;
pub use context::{InvalidIdentity, UserExecutionContext};
pub use contract::{Answer, EngineFactory, ExecutionEngine, Request};
pub use emitter::{EventEmitter, RunEvents, ToolEvents};
pub use engine::UserExecutionEngine;
pub use error::{CloseError, CreateError, DeliveryError, ModelError, RunError, ToolError};
pub use factory::ExecutionEngineFactory;
pub use gauge::{Gauge, Present};
pub use guarded::Guarded;
pub use live::Live;
pub use metrics::{Metrics, MetricsSnapshot};
pub use model::{Exchange, Model, Prompt, ScriptedModel};
pub use registry::{Registry, Slot};
pub use services::Services;
pub use sink::{EventSink, Mailbox, SinkClosed};
pub use store::ThreadStore;
pub use tools::{AccountLookup, NoteWriter, Tool};
