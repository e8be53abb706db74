//! Audits the sources of a Rust workspace for one source of truth.

#![forbid(unsafe_code)]

mod audit;
mod baseline;
mod config;
mod discover;
mod error;
mod finding;
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
pub use baseline::{Baseline, Mode};
pub use discover::{Competing, Discovered, discover};
pub use error::Error;
pub use finding::{Confidence, Finding, Label, Level, Rule, State};
pub use model::Statistics;
pub use report::{Failure, Report, explain};

/// What a test that audits returns.
pub type Verdict = Result<Report, Failure>;
