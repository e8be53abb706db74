//! `cargo ssot`: which fail-first tests are proven, and proof for those that are not.

mod accept;
mod advice;
mod age;
mod audit;
mod build;
mod cli;
mod error;
mod exit;
mod gate;
mod git;
mod init;
mod interrupt;
mod judge;
mod junit;
mod listing;
mod options;
mod outcomes;
mod output;
mod place;
mod program;
mod progress;
mod project;
mod prove;
mod run;
mod session;
mod status;
mod style;
mod survey;
mod tool;

use std::process::ExitCode;

use clap::Parser as _;

fn main() -> ExitCode {
    let cli::Cargo::Ssot(ssot) = cli::Cargo::parse();
    let exit = ssot.run().unwrap_or_else(|error| {
        ssot.common().output().error(&error);
        ssot.exit_of(&error)
    });
    exit.into()
}
