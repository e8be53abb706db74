//! What is said of a test case.

use std::time::Duration;

use indexmap::IndexMap;
use serde_json::json;

use super::checks::{PLAIN, keep, refused};
use crate::panics::Panic;
use crate::report::text::{Style, written};
use crate::report::{
    Cleaned, CleanedWhat, Interruption, Late, Leftovers, Outcome, Problem, TestFailure, TestFinding,
    TestPhase, TestSummary, UncaughtPanic, to_json,
};

#[test]
fn a_test_case_says_what_failed_and_what_was_cleaned_up() {
    let narrow = Style { width: 60, ..PLAIN };
    let failure = everything();
    let outcome = Outcome::TestFailed(&failure);
    keep("test_failure", &written(outcome, &PLAIN));
    keep("test_failure_narrow", &written(outcome, &narrow));
    let json = serde_json::to_string_pretty(&to_json(outcome)).unwrap();
    keep("test_failure_json", &json);
}

#[test]
fn where_only_a_check_failed_its_report_is_that_of_the_test() {
    let mut failure = everything();
    failure
        .findings
        .retain(|finding| matches!(&finding.problem, Problem::Error { failure: Some(_), .. }));
    assert_eq!(failure.findings.len(), 1);
    let (outcome, check) = (Outcome::TestFailed(&failure), refused());
    let check = Outcome::CheckFailed(&check);
    assert_eq!(written(outcome, &PLAIN), written(check, &PLAIN));
    assert_eq!(to_json(outcome), to_json(check));
}

#[test]
fn a_test_that_passes_says_what_it_took() {
    let phases = [("set-up", 1_250), ("body", 40_000)];
    let phases = phases.map(|(phase, micros)| (phase.to_owned(), Duration::from_micros(micros)));
    let summary = TestSummary {
        test: "chat::answers",
        seed: 7,
        elapsed: Duration::from_millis(42),
        phases: &phases,
        metrics: &IndexMap::from([("polls".to_owned(), 12)]),
    };
    let outcome = Outcome::TestPassed(summary);
    keep("test_summary", &written(outcome, &PLAIN));
    assert_eq!(
        to_json(outcome),
        json!({
            "version": 1, "outcome": "test-passed", "test": "chat::answers", "seed": 7, "seconds": 0.042,
            "phases": [{ "phase": "set-up", "seconds": 0.00125 }, { "phase": "body", "seconds": 0.04 }],
            "metrics": { "polls": 12 },
        })
    );
}

/// A test in which everything went wrong that can.
pub(super) fn everything() -> TestFailure {
    let panic = |message: &'static str| Panic::from_payload(&message, Some("tests/chat.rs:40:9".to_owned()));
    let leftovers = Leftovers {
        allowed: 1,
        tracked: Vec::new(),
        others: 3,
        lines: IndexMap::from([(30, 2), (31, 1)]),
    };
    let error = |text: &str, failure| Problem::Error {
        text: text.to_owned(),
        failure,
        has_location: false,
    };
    let limit = Duration::from_secs(5);
    let problems = [
        (TestPhase::SetUp, error("no server at port 80", None)),
        (TestPhase::Body, error("", Some(refused()))),
        (
            TestPhase::Body,
            error(
                "expected 名前\n     got nothing at all, of which this line is not broken where the page ends, for it is quoted as it stands",
                None,
            ),
        ),
        (TestPhase::Body, Problem::Panicked(panic("index out of bounds"))),
        (
            TestPhase::Body,
            Problem::TimedOut {
                limit,
                alive: leftovers.clone(),
            },
        ),
        (
            TestPhase::TearDown,
            Problem::Late(Late {
                limit,
                took: Duration::from_secs(7),
            }),
        ),
        (TestPhase::Body, Problem::Interrupted(Interruption::Signal(15))),
        (TestPhase::Body, Problem::Interrupted(Interruption::ProcessEnds)),
        (
            TestPhase::Body,
            Problem::Blocked {
                limit,
                alive: Leftovers {
                    others: 0,
                    ..leftovers.clone()
                },
            },
        ),
        (TestPhase::TearDown, Problem::NotDone),
        (TestPhase::Body, Problem::Exited),
        (TestPhase::Ending, Problem::NotRun),
        (TestPhase::Ending, Problem::ThreadStays(limit)),
        (TestPhase::Ending, Problem::Tasks(leftovers)),
        (TestPhase::Ending, Problem::Threads(1)),
        (
            TestPhase::Ending,
            Problem::Uncaught(UncaughtPanic {
                panic: panic("nobody waits for me"),
                thread_name: Some("worker".to_owned()),
                was_told_to_a_task: true,
                certain: false,
            }),
        ),
        (
            TestPhase::Ending,
            Problem::Harness("the test's folder could not be removed".to_owned()),
        ),
    ];
    let findings = problems.map(|(phase, problem)| TestFinding {
        phase,
        line: (phase == TestPhase::Body).then_some(33),
        problem,
    });
    let done = Cleaned {
        what: CleanedWhat::TearDown("chat::Platform"),
        well: true,
    };
    TestFailure {
        test: "chat::answers".to_owned(),
        file: "tests/chat.rs",
        findings: findings.into(),
        cleaned: vec![done, done, Cleaned { well: false, ..done }],
        log: vec!["12:00:01 INFO chat: ada asks".to_owned()],
        seed: Some(7),
    }
}
