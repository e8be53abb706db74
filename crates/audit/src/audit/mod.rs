//! An audit, from its rules to its report.

mod builder;
#[cfg(feature = "unstable-references")]
mod references;
mod rules;
mod run;

pub use builder::{Audit, BASELINE, CONFIGURATION, audit};
#[cfg(feature = "unstable-references")]
pub use references::{Place, Reached, Reference, references};
pub use rules::{LayersRule, PayloadRule, RedirectRule, RoleRule, SupersededRule, UniqueRule};
