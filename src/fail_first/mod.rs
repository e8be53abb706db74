//! Proof that a regression test failed before its fix, and for the reason it names.
//!
//! ```
//! use ssot_harness::prelude::*;
//!
//! # /*
//! #[ssot_harness::test(fail_first(issue = "shop#12", expect = "context-leak"))]
//! # */
//! fn histories_are_not_shared() -> Verdict {
//! #   isolation(async || ()).users(2, async |user: &User, (): &()| { user.saw(Surface::Reply, &user.secret("a")); Ok(()) }).check()
//!     // …
//! }
//! ```
//!
//! # What becomes of such a test
//!
//! What it came to is of one [`Class`]; what is known of it is its [`State`], which a file of the [`Ledger`] holds.
//!
//! | | declared failure | passes | anything else |
//! |---|---|---|---|
//! | **unknown** | recorded as red, and passes; fails under `CI`, with the file to commit | fails: it was never seen red | fails: that is no evidence |
//! | **red** | passes: the fault is still there | fails: accept it with `cargo ssot accept` | fails: that is not what it is red for |
//! | **green** | fails: the fault is back | passes | fails, as any test does |
//! | **stale red** (edited since) | recorded anew; fails under `CI` | fails: it was never seen red as it is now | fails: that is no evidence |
//! | **stale green** | fails: the fault is back, or the test shows another | fails: prove it again | fails, as any test does |
//!
//! A test is *edited* where it, what it declares, or what it stands on ([`Covers`]) is another than on record. A red test may be
//! fixed in what it stands on, and is stale only where it or what it declares was edited.
//!
//! What the harness says itself is no evidence: [`expect_message`](FailFirst::expect_message) is looked for in the message of
//! the body's own panic, and in what the error that it returns displays. A panic in a task or a thread that nothing awaits is
//! evidence only of `expect = "task-panic"`.
//!
//! A test that proves both sides itself, with [`prove_between`](crate::prove_between), is recorded as green whenever it was not.
//! `SSOT_FAIL_FIRST=show` lets red tests fail as ordinary ones do.

mod class;
mod contradiction;
mod covers;
mod entry;
mod expectation;
mod fingerprint;
mod judgement;
mod ledger;
mod marker;
mod parse;
mod record;
mod revision;
mod setting;
mod state;
mod target;
mod write;

pub use class::{Class, Outcome};
pub use covers::Covers;
pub use entry::{Entry, Green, Red, Seen};
pub use expectation::{FailFirst, kind, surface};
pub use fingerprint::Fingerprint;
pub use judgement::{Change, JudgedTest, Judgement, judge};
pub use ledger::{Ledger, LedgerError, OnRecord};
pub use marker::{Declared, find_markers};
pub use record::{Record, read_records};
pub use revision::head;
pub use setting::{Mode, RunLocation};
pub use state::State;
pub use target::Target;
