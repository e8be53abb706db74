//! Prints the table of the book, and how many executions what fixes each fault passes.

use published::{FAULTS, Run, SEEDS};

fn main() {
    for fault in FAULTS {
        println!("{}", fault.row(&fault.found()));
    }
    for fault in FAULTS {
        let passed = SEEDS.map(|seed| (fault.fixed)(Run::Seed(seed)));
        let executions: Vec<u64> = passed
            .map(|report| report.expect(fault.krate).executions())
            .collect();
        println!("{}, {}: {executions:?}", fault.krate, fault.fix);
    }
}
