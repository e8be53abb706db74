//! Audits the sources of a Rust workspace for one source of truth: one implementation of each role, pure redirects, no way past
//! the one place, a baseline that only shrinks.
//!
//! It builds nothing: it reads what `cargo metadata` names, grows the module trees of all targets in every branch of `cfg`,
//! resolves imports, and follows the paths in bodies and signatures. What it says is exact, or it says how sure it is
//! ([`Confidence`]), and every run states what could not be resolved ([`Statistics`]).
//!
//! Rules come from `ssot.toml` at the root of the workspace, or from a test:
//!
//! ```no_run
//! let report = ssot_audit::audit()
//!     .role("execution engine")
//!     .of_trait("app::engine::ExecutionEngine")
//!     .only("app::engine::UserExecutionEngine")
//!     .built_in("app::engine::factory")
//!     .check()
//!     .unwrap();
//! assert_eq!(report.statistics.unresolved, 0);
//! ```
//!
//! - [`audit()`], [`audit!`]: an audit. [`audit_probe!`]: that a type implements its role, by compiling.
//! - [`Report`]: what was found, as text, JSON, SARIF (feature `sarif`, on by default) or annotations of GitHub.
//! - [`discover()`]: what looks like competing implementations, without any rule. [`explain`]: what a finding means.
//!
//! A test in the dev profile is six times slower than a release build; `[profile.dev.package.ssot-audit] opt-level = 3` (and the
//! same for `syn` and `proc-macro2`) cures that.

#![forbid(unsafe_code)]

mod audit;
mod baseline;
mod config;
mod discover;
mod error;
mod finding;
mod macros;
mod model;
mod name;
mod report;
mod rules;
mod syntax;
mod workspace;

pub use audit::{
    Audit, BASELINE, CONFIGURATION, LayersRule, PayloadRule, RedirectRule, RoleRule, SupersededRule,
    UniqueRule, audit,
};
#[cfg(feature = "unstable-references")]
pub use audit::{Place, Reached, Reference, references};
pub use baseline::{Baseline, Mode};
pub use discover::{Competing, Discovered, discover};
pub use error::Error;
pub use finding::{Confidence, Finding, Label, Level, Rule, State};
pub use model::Statistics;
pub use report::{Failure, Report, explain};

/// What a test that audits returns.
pub type Verdict = Result<Report, Failure>;
