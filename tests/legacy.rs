//! Every legacy row is found from every seed, and the reference is never accused: by the checks of `leak_hunt`.

#[path = "../examples/leak_hunt/hunts.rs"]
mod hunts;

use hunts::{HUNTS, Hunt, Tuning};
use rstest::rstest;
use ssot_harness::prelude::*;

/// What a check spends where nothing is said.
const DEFAULT: u64 = 4_000;

fn hunt(row: u8) -> &'static Hunt {
    HUNTS
        .iter()
        .find(|hunt| hunt.row == row)
        .expect("there is a hunt for every row")
}

#[rstest]
fn a_fault_is_found_within_the_default_budget_from_every_seed(
    #[values(1, 3, 6, 9, 10, 12, 19, 30, 32, 33, 38, 39, 40, 44, 49, 50, 51, 52)] row: u8,
) {
    let hunt = hunt(row);
    for seed in 0..31 {
        let tuning = Tuning {
            seed,
            executions: DEFAULT,
        };
        let failure = hunt.check(tuning).expect_err("it is found");
        assert_eq!(
            failure.kind(),
            FailureKind::Violation,
            "{}, seed {seed}: {failure}",
            hunt.slug
        );
        let kinds: Vec<Kind> = failure.violations().iter().map(Violation::kind).collect();
        assert!(
            kinds.contains(&hunt.kind),
            "{}, seed {seed}: {kinds:?} in {failure}",
            hunt.slug
        );
        assert!(
            !failure.is_nondeterministic(),
            "{}, seed {seed}: {failure}",
            hunt.slug
        );
        assert!(
            failure.preemptions().is_some_and(|preemptions| preemptions <= 3),
            "{failure}"
        );
    }
}

/// 18 × 11,200 executions, by the very checks that find the faults.
#[rstest]
fn the_reference_is_never_accused(
    #[values(1, 3, 6, 9, 10, 12, 19, 30, 32, 33, 38, 39, 40, 44, 49, 50, 51, 52)] row: u8,
) {
    let hunt = hunt(row);
    let mut executions = 0;
    for seed in 0..4 {
        let tuning = Tuning {
            seed: 1_000 * u64::from(row) + seed,
            executions: 2_800,
        };
        let report = hunt
            .clears_reference(tuning)
            .unwrap_or_else(|failure| panic!("{}: {failure}", hunt.slug));
        assert!(report.caveats().is_empty(), "{}: {report}", hunt.slug);
        executions += report.executions();
    }
    assert!(executions >= 11_200, "{executions}");
}
