//! The command itself, on projects that the tests generate: as somebody calls it, with what it prints and how it ends.

mod accept;
mod audit;
mod bad_input;
mod covered;
mod help;
mod init;
mod ledger;
mod life;
#[cfg(unix)]
mod migration;
mod projects;
mod prove;
mod prove_bad_input;
mod prove_ends;
mod prove_places;
mod prove_takes;
mod steps;
mod targets;
mod verdicts;
mod workspace;
