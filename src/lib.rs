//! Finds the interleaving in which one user's context reaches another, on plain tokio.
//!
//! Give it a system and what each user does. It runs several users side by side, decides at every await who goes on,
//! and looks for each user's secrets in what the others see:
//!
//! ```
//! use ssot_harness::prelude::*;
//!
//! # #[derive(Default)]
//! # struct Desk;
//! # impl Desk {
//! #     async fn ask(&self, customer: &str, card: &str) -> String {
//! #         tokio::task::yield_now().await;
//! #         format!("Dear {customer}, we have charged {card}.")
//! #     }
//! # }
//! # /*
//! #[test]
//! # */
//! fn answers_stay_with_their_user() -> Verdict {
//!     isolation(async || Desk::default()) // a fresh system for every execution
//!         .users(3, async |user: &User, desk: &Desk| {
//!             let answer = desk.ask(user.id(), &user.secret("card")).await;
//!             user.saw(Surface::Reply, &answer); // anything Serialize
//!             Ok(())
//!         })
//!         .check()
//! }
//! # answers_stay_with_their_user().unwrap();
//! ```
//!
//! A [`Failure`] is the report: what leaked, to whom, the smallest interleaving that shows it, and how to replay it. A
//! [`Report`] says what a passing check covered. [`Check`](isolation::Check) has the settings.
//!
//! - [`isolation`](mod@isolation): the check.
//! - [`interleave`]: schedules, and the strategies that search them.
//! - [`logs`]: what a test logged, from every task and thread that works for it.
//! - [`oracle`]: what counts as a violation. [`trace`] and [`user`]: who sees what.
//! - `reference`, with the feature `reference`: a multi-user system for trying the check out, on which it reports nothing, and
//!   18 faulty legacy versions, on which it does.
//! - `audit`, with the feature `audit`: the audit of the sources as a test.
//! - `conformance`, with the feature `conformance`: the promises of engines and factories, as tests and as a table, and the
//!   comparison of two implementations.
//! - `fixtures`, with the feature `rstest`, which is on by default: what tests need, as their arguments.

#![cfg_attr(docsrs, feature(doc_cfg))]

#[doc(hidden)]
#[path = "command.rs"]
pub mod __command;
#[doc(hidden)]
#[path = "private.rs"]
pub mod __private;
#[cfg(feature = "audit")]
#[cfg_attr(docsrs, doc(cfg(feature = "audit")))]
pub mod audit;
pub mod case;
mod cause;
mod composed;
#[cfg(feature = "conformance")]
#[cfg_attr(docsrs, doc(cfg(feature = "conformance")))]
pub mod conformance;
mod current;
mod digest;
pub mod events;
mod fail_first;
mod files;
#[cfg(feature = "rstest")]
#[cfg_attr(docsrs, doc(cfg(feature = "rstest")))]
pub mod fixtures;
mod hook;
#[cfg_attr(
    not(feature = "unstable-interleave"),
    expect(
        unreachable_pub,
        dead_code,
        reason = "the driver is public with the feature only"
    )
)]
pub mod interleave;
pub mod isolation;
pub mod logs;
pub mod oracle;
mod panics;
pub mod prelude;
#[cfg(feature = "reference")]
#[cfg_attr(docsrs, doc(cfg(feature = "reference")))]
pub mod reference;
mod report;
mod rng;
mod search;
#[cfg(any(feature = "http", feature = "postgres", feature = "wiremock"))]
pub mod services;
mod settings;
mod thread_inheritance;
pub mod trace;
pub mod user;

pub use case::{Case, CaseError, CaseResult, SsotAsyncTestCase, prove_between};
pub use isolation::{Failure, Report, Verdict, isolation, plan, try_isolation};
#[cfg(feature = "audit")]
#[cfg_attr(docsrs, doc(cfg(feature = "audit")))]
pub use ssot_audit::{audit, audit_probe};
pub use ssot_harness_macros::test;
