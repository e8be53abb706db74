use indexmap::IndexMap;
use serde::Serialize;
use serde_json::{Value, json};

use super::check::Checked;
use crate::report::{
    Cleaned, CleanedWhat, Interruption, Late, Leftovers, Problem, TestFailure, TestFinding, TestPhase,
    TestSummary,
};

/// A test that failed. A location is `file:line:column`, times are seconds.
#[derive(Serialize)]
pub(super) struct FailedTest<'o> {
    test: &'o str,
    findings: Vec<Value>,
    cleanups: Vec<Value>,
    log: &'o [String],
    /// What its users were drawn from, where some were.
    seed: Option<u64>,
}

impl<'o> FailedTest<'o> {
    pub(super) fn of(failed: &'o TestFailure) -> Self {
        Self {
            test: &failed.test,
            findings: failed
                .findings
                .iter()
                .map(|finding| found(finding, failed.file))
                .collect(),
            cleanups: failed.cleaned.iter().map(cleaned).collect(),
            log: &failed.log,
            seed: failed.seed,
        }
    }
}

/// A test that passed.
#[derive(Serialize)]
pub(super) struct PassedTest<'o> {
    test: &'o str,
    seed: u64,
    seconds: f64,
    /// In the order of their ends.
    phases: Vec<Took<'o>>,
    metrics: &'o IndexMap<String, u64>,
}

#[derive(Serialize)]
struct Took<'o> {
    phase: &'o str,
    seconds: f64,
}

impl<'o> PassedTest<'o> {
    pub(super) fn of(summary: TestSummary<'o>) -> Self {
        let phases = summary.phases.iter().map(|(phase, time)| Took {
            phase,
            seconds: time.as_secs_f64(),
        });
        Self {
            test: summary.test,
            seed: summary.seed,
            seconds: summary.elapsed.as_secs_f64(),
            phases: phases.collect(),
            metrics: summary.metrics,
        }
    }
}

fn found(finding: &TestFinding, file: &str) -> Value {
    let registered = match finding.phase {
        TestPhase::Cleanup(at) => Some(at.to_string()),
        _ => None,
    };
    json!({
        "phase": finding.phase.as_str(),
        "registered": registered,
        "statement": finding.line.map(|line| format!("{file}:{line}")),
        "problem": problem(&finding.problem),
    })
}

fn problem(problem: &Problem) -> Value {
    match problem {
        Problem::Error { text, failure, .. } => json!({
            "kind": "error",
            "text": text,
            "check": failure.as_ref().map(Checked::failed),
        }),
        Problem::Panicked(panic) => json!({
            "kind": "panic", "message": panic.own_message(), "location": panic.location(),
        }),
        Problem::TimedOut { limit, alive } => json!({
            "kind": "timeout", "limit": limit.as_secs_f64(), "tasks": tasks(alive),
        }),
        Problem::Late(Late { limit, took }) => json!({
            "kind": "late", "limit": limit.as_secs_f64(), "took": took.as_secs_f64(),
        }),
        Problem::Interrupted(Interruption::ProcessEnds) => json!({ "kind": "process-ends" }),
        Problem::Interrupted(Interruption::Signal(signal)) => json!({ "kind": "signal", "signal": signal }),
        Problem::Blocked { limit, alive } => json!({
            "kind": "blocked", "limit": limit.as_secs_f64(), "tasks": tasks(alive),
        }),
        Problem::NotDone => json!({ "kind": "not-done" }),
        Problem::NotRun => json!({ "kind": "not-run" }),
        Problem::Exited => json!({ "kind": "exited" }),
        Problem::ThreadStays(time) => json!({ "kind": "thread-stays", "after": time.as_secs_f64() }),
        Problem::Tasks(alive) => json!({ "kind": "tasks", "allowed": alive.allowed, "tasks": tasks(alive) }),
        Problem::Threads(threads) => json!({ "kind": "threads", "threads": threads }),
        Problem::Uncaught(uncaught) => json!({
            "kind": "uncaught-panic",
            "message": uncaught.panic.own_message(),
            "location": uncaught.panic.location(),
            "thread": uncaught.thread_name,
            "certain": uncaught.certain,
        }),
        Problem::Harness(what) => json!({ "kind": "harness", "what": what }),
    }
}

fn tasks(alive: &Leftovers) -> Value {
    let spawned: Vec<_> = alive.tracked.iter().map(ToString::to_string).collect();
    json!({ "spawned": spawned, "others": alive.others })
}

fn cleaned(cleaned: &Cleaned) -> Value {
    let (kind, what) = match cleaned.what {
        CleanedWhat::TearDown(fixture) => ("tear-down", fixture.to_owned()),
        CleanedWhat::Registered(at) => ("clean-up", at.to_string()),
    };
    json!({ "kind": kind, "what": what, "done": cleaned.well })
}
