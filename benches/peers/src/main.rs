//! Runs everybody and prints the tables.

use std::collections::BTreeMap;
use std::path::Path;
use std::process::ExitCode;
use std::time::Instant;
use std::{fs, io};

use peers::date::today;
use peers::drivers::{DriverError, ask, build};
use peers::limits::Limits;
use peers::machine::machine;
use peers::measured::Measured;
use peers::options::{Options, USAGE};
use peers::peers::{BARE_SHAPE, PEERS, Peer, Role};
use peers::{csv, report};

fn main() -> ExitCode {
    let results = Path::new(env!("CARGO_MANIFEST_DIR")).join("results");
    match Options::parse(std::env::args().skip(1), results) {
        Ok(options) => run(&options),
        Err(error) => {
            eprintln!("{error}\n\n{USAGE}");
            ExitCode::FAILURE
        }
    }
}

fn run(options: &Options) -> ExitCode {
    let results = match everybody(options) {
        Ok(results) => results,
        Err(error) => {
            eprintln!("{error}");
            return ExitCode::FAILURE;
        }
    };
    let date = today();
    let report = report::report(&head(&date, options.limits), &results);
    let csv = csv::csv(&results);
    print!("{}", if options.csv { &csv } else { &report });
    if let Some(folder) = &options.out
        && let Err(error) = write(folder, &date, &csv, &report)
    {
        eprintln!("the results cannot be written to {}: {error}", folder.display());
        return ExitCode::FAILURE;
    }
    ExitCode::SUCCESS
}

/// Builds every driver, then runs one after another, so that none is disturbed by a compiler.
fn everybody(options: &Options) -> Result<Vec<(&'static str, Vec<Measured>)>, DriverError> {
    let is_wanted = |peer: &&Peer| {
        let wanted = |name: &String| *name == peer.name || *name == peer.driver;
        options.peers.is_empty() || options.peers.iter().any(wanted)
    };
    let peers: Vec<&Peer> = PEERS.iter().filter(is_wanted).collect();
    let mut programs = BTreeMap::new();
    for peer in &peers {
        if !programs.contains_key(peer.driver) {
            eprintln!("building {}", peer.driver);
            programs.insert(peer.driver, build(peer.driver)?);
        }
    }
    let mut results = Vec::new();
    for peer in peers {
        let start = Instant::now();
        let request = match peer.role {
            Role::Peer | Role::Single | Role::Told => options.limits.request(peer.way, &options.shapes),
            Role::Pace => Limits {
                seeds: 0,
                ..options.limits
            }
            .request(peer.way, &[BARE_SHAPE.to_owned()]),
        };
        let records = ask(peer.driver, &programs[peer.driver], &request)?;
        results.push((peer.name, Measured::of(&records)));
        eprintln!("{}: {:.0} s", peer.name, start.elapsed().as_secs_f64());
    }
    Ok(results)
}

fn head(date: &str, limits: Limits) -> String {
    let Limits {
        seeds,
        search_millis,
        executions,
        ..
    } = limits;
    format!(
        "{date}; {}. {seeds} seeds, of at most {search_millis} ms and {executions} executions each.",
        machine()
    )
}

fn write(folder: &Path, date: &str, csv: &str, report: &str) -> io::Result<()> {
    fs::create_dir_all(folder)?;
    fs::write(folder.join(format!("{date}.csv")), csv)?;
    fs::write(folder.join(format!("{date}.md")), report)
}
