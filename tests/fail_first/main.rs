//! Fail-first tests: what is evidence, what follows from it, and how it is kept.

mod between;
#[cfg(feature = "rstest")]
mod catalogue;
#[cfg(feature = "rstest")]
#[path = "../../examples/leak_hunt/hunts.rs"]
mod hunts;
mod ledger;
mod plans;
mod processes;
mod table;
mod unreadable;
