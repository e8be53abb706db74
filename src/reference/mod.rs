//! The reference system: a small multi-user agent platform on plain tokio, on which no check reports anything, and 18 faulty
//! [legacy] versions, on which a check does. Use it to try the check out, or as an example of a system that the
//! check clears.
//!
//! It is a crate of its own, `ssot-reference`, which does not depend on the harness. What is added here:
//! [`RequestIds`] of a user's context, with `user.context().into()`, and the [`Kind`](crate::oracle::Kind)
//! of violation that each [`Legacy`](self::legacy::Legacy) engine is reported as ([`LegacyKind`]).
//!
//! ```
//! use ssot_harness::prelude::*;
//! use ssot_harness::reference::{Config, EngineFactory as _, ExecutionEngineFactory, Mailbox, Request};
//! use std::sync::Arc;
//!
//! let checked = isolation(async || ExecutionEngineFactory::new(Config::default()))
//!     .users(2, async |user: &User, factory: &ExecutionEngineFactory| {
//!         let engine = factory.create_for_user(user.context().into(), Arc::new(Mailbox::default())).await?;
//!         user.saw(Surface::Reply, &engine.run(Request::new("billing", user.secret("card"))).await?);
//!         Ok(())
//!     })
//!     .executions(100)
//!     .check();
//! assert!(checked.is_ok());
//! ```

mod ids;
mod kind;
#[cfg(feature = "conformance")]
mod subject;

pub use kind::LegacyKind;
pub use ssot_reference::*;
#[cfg(feature = "conformance")]
#[cfg_attr(docsrs, doc(cfg(feature = "conformance")))]
pub use subject::ReferenceSubject;
