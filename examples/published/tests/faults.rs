//! Every fault is found in every one of seven seeds, with a check's defaults, and its replay finds it again; what fixes it passes the same check.

use published::{FAULTS, Fault, Run, SEEDS};

const BOOK: &str = include_str!("../../../book/src/published.md");
const README: &str = include_str!("../../../README.md");

fn fault(krate: &str) -> &'static Fault {
    let found = FAULTS.iter().find(|fault| fault.krate.starts_with(krate));
    found.expect("the fault is listed")
}

fn is_found_in_every_seed(krate: &str) {
    let fault = fault(krate);
    let found = fault.found();
    assert!(BOOK.contains(&fault.row(&found)), "{}", fault.row(&found));
    assert!(README.contains(fault.krate), "{}", fault.krate);
    for failure in found {
        assert_eq!(failure.violations()[0].kind(), fault.kind, "{failure}");
        assert!(
            !failure.is_nondeterministic() && !failure.is_best_effort(),
            "{failure}"
        );
        let text = failure.replay_text().expect("a violation has a schedule");
        let replayed = (fault.faulty)(Run::Replay(text)).expect_err(text);
        assert_eq!(replayed.violations()[0].kind(), fault.kind, "{replayed}");
        assert_eq!(replayed.executions(), 1, "{replayed}");
    }
}

fn passes_with_the_fix(krate: &str) {
    let report = (fault(krate).fixed)(Run::Seed(SEEDS.start)).unwrap_or_else(|failure| panic!("{failure}"));
    // A busy machine may not come to the end of the executions.
    let mut caveats = report.caveats().iter();
    assert!(
        caveats.all(|caveat| caveat.starts_with("the time was up")),
        "{report}"
    );
}

/// The schedules that the book shows are those that the first seed prints.
#[test]
fn the_book_shows_the_schedules_that_are_printed() {
    let shown: Vec<&str> = BOOK.split("```text\n").skip(1).collect();
    let faults = ["redis", "kanal"].map(fault);
    assert_eq!(shown.len(), faults.len());
    for (block, fault) in shown.iter().zip(faults) {
        let (schedule, _) = block.split_once("```").expect("the block ends");
        let failure = (fault.faulty)(Run::Seed(SEEDS.start)).expect_err(fault.krate);
        assert!(failure.to_string().contains(schedule), "{failure}");
    }
}

/// Two tests of each fault.
macro_rules! faults {
    ($($module:ident: $krate:literal,)+) => {
        $(
            mod $module {
                #[test]
                fn is_found_in_every_seed() {
                    super::is_found_in_every_seed($krate);
                }

                #[test]
                fn passes_with_the_fix() {
                    super::passes_with_the_fix($krate);
                }
            }
        )+

        #[test]
        fn every_fault_has_its_tests() {
            let listed: Vec<&str> = FAULTS.iter().map(|fault| fault.krate.split(' ').next().unwrap()).collect();
            assert_eq!(listed, [$($krate),+]);
        }
    };
}

faults! {
    redis: "redis",
    memcached: "async-memcached",
    http_cache: "http-cache",
    sentry: "sentry-core",
    channel: "kanal",
    mutex: "tokio",
    singleflight: "async_singleflight",
    read_through: "pingora-memory-cache",
}
