//! What a test came to, as evidence.

use super::core::Core;
use super::finding::{Finding, What};
use super::phase::Phase;
use crate::fail_first::{Class, FailFirst, Fingerprint, Outcome};
use crate::isolation::{Failure, FailureKind};

/// The outcome of a fail-first test with these findings; `said` is what a person is told of them.
///
/// A failure counts as declared only where nothing else went wrong that could have brought it about: tasks that a failed
/// body left behind are its consequence, an error of its set-up is not.
pub(super) fn outcome(core: &Core, declared: &FailFirst, findings: &[Finding], said: &str) -> Outcome {
    if findings.is_empty() {
        return match core.proof.get() {
            Some(fingerprint) => Outcome {
                class: Class::ProvenBetween,
                fingerprint: Some(fingerprint.clone()),
                message: String::new(),
            },
            None => Outcome::of(Class::Passed, ""),
        };
    }
    let mut evidence = None;
    let mut worst: Option<Class> = None;
    for finding in findings {
        match judge(declared, finding) {
            Judged::Declared(fingerprint) => evidence = evidence.or(Some(fingerprint)),
            Judged::Consequence => {}
            Judged::Other(class) => worst = worst.into_iter().chain([class]).min_by_key(|class| rank(*class)),
        }
    }
    match (worst, evidence) {
        (None, Some(fingerprint)) => Outcome::declared(fingerprint, said),
        (Some(class), _) => Outcome::of(class, said),
        (None, None) => Outcome::of(Class::AnotherError, said),
    }
}

enum Judged {
    Declared(Fingerprint),
    /// What a failed body may have left behind.
    Consequence,
    Other(Class),
}

/// Where several things went wrong, the one that kept the test from saying anything goes before what it said.
fn rank(class: Class) -> usize {
    const ORDER: [Class; 8] = [
        Class::NotRun,
        Class::SetUpError,
        Class::Timeout,
        Class::Vacuous,
        Class::AnotherViolation,
        Class::AnotherPanic,
        Class::AnotherError,
        Class::TearDownError,
    ];
    ORDER
        .iter()
        .position(|known| *known == class)
        .unwrap_or(ORDER.len())
}

fn judge(declared: &FailFirst, finding: &Finding) -> Judged {
    let Finding { phase, what, .. } = finding;
    match (phase, what) {
        (_, What::Interrupted(_) | What::Harness(_) | What::Exited) => Judged::Other(Class::NotRun),
        (Phase::SetUp, _) => Judged::Other(Class::SetUpError),
        (_, What::Tasks(_) | What::Threads(_)) => match declared.find_in(&finding.headline()) {
            Some(line) => Judged::Declared(Fingerprint::of_message(line)),
            None => Judged::Consequence,
        },
        (_, What::Uncaught(noted)) => said(declared, noted.panic.message(), Class::AnotherPanic),
        (Phase::TearDown | Phase::Cleanup(_), _) => Judged::Other(Class::TearDownError),
        (
            _,
            What::TimedOut(_)
            | What::Late(_)
            | What::Blocked(_)
            | What::NotDone
            | What::NotRun
            | What::ThreadStays(_),
        ) => Judged::Other(Class::Timeout),
        (_, What::Panicked(panic)) => said(declared, panic.message(), Class::AnotherPanic),
        (_, What::Error(_, Some(failure))) => checked(declared, failure),
        (_, What::Error(text, None)) => said(declared, text, Class::AnotherError),
    }
}

fn said(declared: &FailFirst, message: &str, otherwise: Class) -> Judged {
    match declared.find_in(message) {
        Some(line) => Judged::Declared(Fingerprint::of_message(line)),
        None => Judged::Other(otherwise),
    }
}

fn checked(declared: &FailFirst, failure: &Failure) -> Judged {
    match failure.kind() {
        FailureKind::Violation => {
            let violation = failure
                .violations()
                .iter()
                .find(|violation| declared.is_violation(violation));
            match violation {
                Some(violation) => Judged::Declared(Fingerprint::of_violation(violation)),
                None => said(declared, &failure.to_string(), Class::AnotherViolation),
            }
        }
        FailureKind::Build => Judged::Other(Class::SetUpError),
        _ => Judged::Other(Class::Vacuous),
    }
}

/// What a body returned as its error, or unwound with, as evidence for one side of a proof.
pub(super) fn returned(
    declared: &FailFirst,
    error: &(dyn std::any::Any + 'static),
    text: &str,
) -> Option<Fingerprint> {
    let judged = match failure_in(error) {
        Some(failure) => checked(declared, failure),
        None => said(declared, text, Class::AnotherError),
    };
    match judged {
        Judged::Declared(fingerprint) => Some(fingerprint),
        Judged::Consequence | Judged::Other(_) => None,
    }
}

/// The failure of a check that an error is, or holds.
pub(super) fn failure_in(error: &dyn std::any::Any) -> Option<&Failure> {
    error
        .downcast_ref::<Failure>()
        .or_else(|| error.downcast_ref::<super::CaseError>()?.failure())
}
