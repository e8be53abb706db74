//! Prints what is found of each fault, in all seeds, and how long the check of what fixes it is silent.

use published::{FAULTS, Fault, Run, SEEDS};
use ssot_harness::prelude::*;

fn main() {
    println!("| crate | what is wrong | kind | executions, median and most | smallest schedule | silent |");
    println!("|---|---|---|---|---|---|");
    for fault in FAULTS {
        println!("{}", row(fault));
    }
}

fn row(fault: &Fault) -> String {
    let found: Vec<Failure> = SEEDS
        .filter_map(|seed| (fault.faulty)(Run::Seed(seed)).err())
        .collect();
    let mut executions: Vec<u64> = found.iter().map(Failure::executions).collect();
    executions.sort_unstable();
    let (median, most) = (executions[executions.len() / 2], executions[executions.len() - 1]);
    let mut kinds: Vec<String> = found
        .iter()
        .filter_map(|failure| failure.violations().first())
        .map(|violation| violation.kind().to_string())
        .collect();
    kinds.dedup();
    let schedule = found
        .iter()
        .filter_map(Failure::replay_text)
        .min_by_key(|text| text.len())
        .unwrap_or("none");
    let silent = match (fault.fixed)(Run::Seed(SEEDS.start)) {
        Ok(report) => format!("{} executions", report.executions()),
        Err(failure) => format!("FAILS: {failure}"),
    };
    let Fault {
        krate,
        what,
        link,
        fix,
        ..
    } = fault;
    let kinds = kinds.join(", ");
    format!(
        "| [{krate}]({link}) | {what} | {kinds}, {} of {} seeds | {median}, {most} | `{schedule}` | {fix}: {silent} |",
        found.len(),
        SEEDS.count()
    )
}
