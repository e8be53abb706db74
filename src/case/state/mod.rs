//! What is known of a running test: its findings, its clean-ups, and which tests run in this process.

mod case_state;
mod cleanups;
mod fail_first_notes;
mod findings;
mod meta;
mod run_settings;
pub(in crate::case) mod running_tests;
mod timing;

pub(in crate::case) use case_state::CaseState;
pub(in crate::case) use cleanups::{Cleanup, Cleanups, DEADLINE};
pub(in crate::case) use fail_first_notes::FailFirstNotes;
pub(in crate::case) use findings::Findings;
pub use meta::{CoveredSources, Flavor, Test, Timeout};
pub(in crate::case) use run_settings::RunSettings;
