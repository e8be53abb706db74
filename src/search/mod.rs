//! The search of a check: solo runs, bounded enumeration, a random phase, racing pairs; then shrinking and replays of what they find.

mod alone;
mod baseline;
mod behaviours;
mod circumstances;
mod config;
mod confirm;
mod course;
mod discovery;
mod evidence;
mod explorer;
mod finish;
mod make_strategy;
mod misuse;
mod orders;
mod phases;
mod regressions;
mod replays;
mod reproducer;
mod sample;
mod shared;
mod target;
mod target_source;
mod thread;
mod watching;

pub(crate) use config::{CheckConfig, Enough};
pub(crate) use explorer::CheckPlan;
pub(crate) use make_strategy::Cloned;
pub(crate) use target::{Broken, ExecutionRecord, Setting, Target};
pub(crate) use target_source::{PlanOf, TargetSource, TargetTree};
pub(crate) use thread::Caller;
pub(crate) use watching::run;
