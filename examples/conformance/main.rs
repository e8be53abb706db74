//! Prints which implementation keeps which promise: the canonical factory, and those that a migration left beside it.
//!
//! `cargo run --release --example conformance -- --all` takes every faulty system of the reference crate.

mod implementations;

use std::process::ExitCode;

use ssot_harness::reference::legacy::FaultySystem;

fn main() -> ExitCode {
    let arguments: Vec<_> = std::env::args().skip(1).collect();
    let matrix = match arguments.iter().map(String::as_str).collect::<Vec<_>>()[..] {
        [] => implementations::matrix(implementations::named(), 16),
        ["--all"] => implementations::matrix(FaultySystem::ALL.iter().copied(), 16),
        _ => {
            eprintln!("error: the only argument is `--all`, for every faulty system");
            return ExitCode::from(2);
        }
    };
    println!("{matrix}");
    ExitCode::SUCCESS
}
