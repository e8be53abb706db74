//! Every legacy row is found from every seed, and the reference is never accused: by the checks of `leak_hunt`.

use std::ops::Range;

use ssot_harness::prelude::*;
use ssot_harness::reference::legacy::Legacy;

use crate::hunts::{HUNTS, Hunt, Tuning};

/// What a check spends where nothing is said.
const DEFAULT: u64 = 4_000;

fn hunt(legacy: Legacy) -> &'static Hunt {
    HUNTS
        .iter()
        .find(|hunt| hunt.legacy == legacy)
        .expect("there is a hunt for every legacy engine")
}

/// `SSOT_TEST_SEEDS=few` is set by a run that repeats another: what takes minutes is then done from few seeds only.
fn seeds(many: u64, few: u64) -> Range<u64> {
    0..if std::env::var_os("SSOT_TEST_SEEDS").is_some_and(|seeds| seeds == "few") {
        few
    } else {
        many
    }
}

ssot_harness::every_legacy! {
    #[test]
    fn a_fault_is_found_within_the_default_budget_from_every_seed(#[case] legacy: Legacy) {
        let hunt = hunt(legacy);
        for seed in seeds(31, 3) {
            let tuning = Tuning { seed, executions: DEFAULT };
            let failure = hunt.check(tuning).expect_err("it is found");
            assert_eq!(failure.kind(), FailureKind::Violation, "{legacy}, seed {seed}: {failure}");
            let kinds: Vec<Kind> = failure.violations().iter().map(Violation::kind).collect();
            assert!(kinds.contains(&legacy.kind()), "{legacy}, seed {seed}: {kinds:?} in {failure}");
            assert!(!failure.is_nondeterministic(), "{legacy}, seed {seed}: {failure}");
            assert!(failure.preemptions().is_some_and(|preemptions| preemptions <= 3), "{failure}");
        }
    }

    /// 18 × 11,200 executions, by the very checks that find the faults.
    #[test]
    fn the_reference_is_never_accused(#[case] legacy: Legacy) {
        let hunt = hunt(legacy);
        let mut executions = 0;
        for seed in seeds(4, 1) {
            let tuning = Tuning {
                seed: 1_000 * u64::from(legacy.row()) + seed,
                executions: 2_800,
            };
            let report = hunt.clears_reference(tuning).unwrap_or_else(|failure| panic!("{legacy}: {failure}"));
            // Threads hardly ever meet on one core, and a check that races them says so there.
            let one_core = std::thread::available_parallelism().is_ok_and(|cores| cores.get() == 1);
            let expected = usize::from(one_core && legacy == Legacy::ParallelOnly);
            assert_eq!(report.caveats().len(), expected, "{legacy}: {report}");
            executions += report.executions();
        }
        assert!(executions >= 625 * seeds(4, 1).end, "{executions}");
    }
}
