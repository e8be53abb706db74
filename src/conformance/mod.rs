//! One implementation, or several that keep the same promises: checks of engines and factories that are connected by one trait.
//!
//! Implement [`Subject`] for the system. [`conformance_tests!`](crate::conformance_tests) makes a test of each [`Promise`],
//! [`conformance_matrix`] a table of implementations and promises, and [`differential`](fn@differential) finds the first observation in which two
//! implementations differ. [`cost_profile`] measures what a run costs, in numbers that are the same each time.

mod accounts;
mod alias;
mod bench;
mod client;
#[expect(clippy::module_inception, reason = "the module is named after its main type")]
mod conformance;
mod cost;
mod differential;
mod disguise;
mod event_order;
mod findings;
mod matrix;
mod outcome;
mod probes;
mod promise;
mod promises;
mod subject;
mod visit;

pub use accounts::Accounts;
pub use alias::{Alias, alias_probe};
pub use client::{Client, ClientClosed};
pub use conformance::Conformance;
pub use cost::{CostError, CostProfile, Meter, cost_profile};
pub use differential::{Differential, differential};
pub use disguise::Disguise;
pub use matrix::{Matrix, conformance_matrix};
pub use outcome::{PromiseOutcome, Unkept};
pub use probes::{ChannelProbe, ContextProbe, SettingsProbe};
pub use promise::{Promise, UnknownPromise};
pub use subject::Subject;
