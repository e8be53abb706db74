//! An audit, from its rules to its report.

mod builder;
mod rules;
mod run;

pub use builder::{Audit, BASELINE, CONFIGURATION, audit};
pub use rules::{LayersRule, PayloadRule, RedirectRule, RoleRule, SupersededRule, UniqueRule};
