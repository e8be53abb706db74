//! The audit of the sources as a test: one implementation of each role, pure redirects, no bypass, a baseline that only shrinks.
//!
//! ```no_run
//! # /*
//! #[test]
//! # */
//! fn one_source_of_truth() -> ssot_harness::audit::Verdict {
//!     ssot_harness::audit!()
//! }
//! # one_source_of_truth().unwrap();
//! ```
//!
//! It builds nothing, reads the rules of `ssot.toml` and the known findings of `ssot.lock` at the root of the workspace, and takes
//! about two seconds for a million lines where the audit itself is optimised:
//!
//! ```toml
//! # Cargo.toml of the workspace
//! [profile.dev.package]
//! ssot-audit = { opt-level = 3 }
//! proc-macro2 = { opt-level = 3 }
//! syn = { opt-level = 3 }
//! ```
//!
//! [`audit`](crate::audit()) takes rules from the test itself.

pub use ssot_audit::{
    Audit, Baseline, Competing, Confidence, Discovered, Error, Failure, Finding, Label, LayersRule, Level,
    Mode, PayloadRule, RedirectRule, Report, RoleRule, Rule, State, Statistics, SupersededRule, UniqueRule,
    Verdict, discover, explain,
};
