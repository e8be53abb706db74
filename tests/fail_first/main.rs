//! Fail-first tests: what is evidence, what follows from it, and how it is kept.

mod between;
mod ledger;
mod processes;
mod table;
mod unreadable;
