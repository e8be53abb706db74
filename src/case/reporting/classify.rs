//! Classifies the outcome of a fail-first test.

use crate::case::state::{CaseState, FailFirstNotes};
use crate::composed::without_composed;
use crate::current::CurrentTest;
use crate::fail_first::{Class, FailFirst, Fingerprint, Outcome};
use crate::oracle::Violation;
use crate::panics::Panic;
use crate::report::{CheckFailure, FailureKind, Problem, TestFinding, TestPhase, UncaughtPanic};

/// Classifies a fail-first test with these findings; `report` is the text of them.
///
/// A failure counts as declared only where nothing else went wrong that could have brought it about: tasks that a failed
/// body left behind are its consequence, an error of its set-up is not.
pub(super) fn outcome(
    state: &CaseState,
    declared: &FailFirst,
    findings: &[TestFinding],
    report: &str,
) -> Outcome {
    if findings.is_empty() {
        return match state.notes.proof.get() {
            Some(fingerprint) => Outcome {
                class: Class::ProvenBetween,
                fingerprint: Some(fingerprint.clone()),
                message: String::new(),
            },
            None => Outcome::of(Class::Passed, ""),
        };
    }
    let messages_of_body = state.notes.error_messages().iter().map(String::as_str);
    let mut evidence = None;
    let mut worst: Option<Class> = None;
    let bodies: Vec<&str> = findings
        .iter()
        .filter_map(panic_of_body)
        .chain(messages_of_body)
        .collect();
    for finding in findings {
        match Evidence::of(state, declared).judge(finding, &bodies) {
            Judged::Declared(fingerprint) => evidence = evidence.or(Some(fingerprint)),
            Judged::Consequence => {}
            Judged::Other(class) => worst = worst.into_iter().chain([class]).min_by_key(|class| rank(*class)),
        }
    }
    match (worst, evidence) {
        (None, Some(fingerprint)) => Outcome::declared(fingerprint, report),
        (Some(class), _) => Outcome::of(class, report),
        (None, None) => Outcome::of(Class::AnotherError, report),
    }
}

pub(super) enum Judged {
    Declared(Fingerprint),
    /// What a failed body may have left behind.
    Consequence,
    Other(Class),
}

/// The order of classes where several things went wrong: what kept the test from giving a result comes before its result.
fn rank(class: Class) -> usize {
    const ORDER: [Class; 10] = [
        Class::NotRun,
        Class::SetUpError,
        Class::Timeout,
        Class::Vacuous,
        Class::AnotherViolation,
        Class::AnotherPanic,
        Class::TaskPanic,
        Class::Resumed,
        Class::AnotherError,
        Class::TearDownError,
    ];
    ORDER
        .iter()
        .position(|known| *known == class)
        .unwrap_or(ORDER.len())
}

/// What failures of a test show of what it declares.
#[derive(Clone, Copy)]
pub(super) struct Evidence<'a> {
    test: &'a CurrentTest,
    notes: &'a FailFirstNotes,
    declared: &'a FailFirst,
}

/// What the body panicked with.
fn panic_of_body(finding: &TestFinding) -> Option<&str> {
    match (&finding.phase, &finding.problem) {
        (TestPhase::Body, Problem::Panicked(panic)) => panic.own_message(),
        _ => None,
    }
}

impl<'a> Evidence<'a> {
    pub(super) fn of(state: &'a CaseState, declared: &'a FailFirst) -> Self {
        Self {
            test: &state.test,
            notes: &state.notes,
            declared,
        }
    }

    fn judge(self, finding: &TestFinding, bodies: &[&str]) -> Judged {
        let TestFinding { phase, problem, .. } = finding;
        match (phase, problem) {
            (_, Problem::Interrupted(_) | Problem::Harness(_) | Problem::Exited) => {
                Judged::Other(Class::NotRun)
            }
            (TestPhase::SetUp, _) => Judged::Other(Class::SetUpError),
            (_, Problem::Tasks(_) | Problem::Threads(_)) => Judged::Consequence,
            (_, Problem::Uncaught(uncaught)) => self.detached(uncaught, bodies),
            (TestPhase::TearDown | TestPhase::Cleanup(_), _) => Judged::Other(Class::TearDownError),
            // What comes after its time is late, whatever it came to.
            (
                _,
                Problem::TimedOut { .. }
                | Problem::Late(_)
                | Problem::Blocked { .. }
                | Problem::NotDone
                | Problem::NotRun
                | Problem::ThreadStays(_),
            ) => Judged::Other(Class::Timeout),
            (_, Problem::Panicked(panic)) => self.panicked(panic),
            (
                _,
                Problem::Error {
                    failure: Some(failure),
                    ..
                },
            ) => self.checked(failure),
            (_, Problem::Error { failure: None, .. }) => {
                self.messages(self.notes.error_messages(), Class::AnotherError)
            }
        }
    }

    /// A panic that nothing awaited is a failure of the test only where it declares one. Whether anything did is not known of
    /// every task: where the body fails with the same message, it received the panic.
    fn detached(self, uncaught: &UncaughtPanic, bodies: &[&str]) -> Judged {
        match uncaught.panic.own_message() {
            Some(message)
                if !self.declared.is_of_task() && bodies.iter().any(|body| body.contains(message)) =>
            {
                Judged::Consequence
            }
            Some(message) if self.declared.is_of_task() && uncaught.certain => {
                Judged::Declared(Fingerprint::of_task_panic(message))
            }
            _ => Judged::Other(Class::TaskPanic),
        }
    }

    /// What the body, or one side of a proof, unwound with.
    pub(super) fn panicked(self, panic: &Panic) -> Judged {
        if panic.location().is_none() {
            return Judged::Other(Class::Resumed);
        }
        self.messages(panic.own_message(), Class::AnotherPanic)
    }

    /// Judges the test's own messages: nothing that the harness composed counts.
    pub(super) fn messages<T: AsRef<str>>(
        self,
        texts: impl IntoIterator<Item = T>,
        otherwise: Class,
    ) -> Judged {
        for text in texts {
            let own = without_composed(self.test, text.as_ref());
            if let Some(line) = self.declared.find_in(&own) {
                return Judged::Declared(Fingerprint::of_message(line));
            }
        }
        Judged::Other(otherwise)
    }

    /// Judges the failure of a check. Its report is the harness's own text; the messages of the code under test in it are not.
    pub(super) fn checked(self, failure: &CheckFailure) -> Judged {
        match failure.kind() {
            FailureKind::Violation => {
                let violations = failure.violations();
                let violation = violations
                    .iter()
                    .find(|violation| self.declared.is_violation(violation));
                match violation {
                    Some(violation) => Judged::Declared(Fingerprint::of_violation(violation)),
                    None => self.messages(
                        violations.iter().filter_map(Violation::message),
                        Class::AnotherViolation,
                    ),
                }
            }
            FailureKind::Build => Judged::Other(Class::SetUpError),
            _ => Judged::Other(Class::Vacuous),
        }
    }
}
