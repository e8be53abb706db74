use std::fmt;

use serde::{Deserialize, Serialize};

use super::Fingerprint;

/// What a fail-first test came to, in one word. Only [`Declared`](Self::Declared) is evidence of a fault.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
#[non_exhaustive]
pub enum Class {
    /// It passed.
    Passed,
    /// It failed with what it declares: a violation of that kind, on that surface; or that message.
    Declared,
    /// It showed by itself that it fails with the faulty system, as it declares, and passes with the sound one.
    ProvenBetween,
    /// A check reported violations, and none of them is the one that it declares.
    AnotherViolation,
    /// Something panicked, and not with what it declares.
    AnotherPanic,
    /// A task or a thread of it panicked, which nothing awaited; it does not declare `expect = "task-panic"`.
    TaskPanic,
    /// It unwound with a panic that did not begin in it: by `resume_unwind`, with that of a task, or with none.
    Resumed,
    /// It returned an error that is not what it declares, or left something in disorder.
    AnotherError,
    /// What it stands on could not be set up.
    SetUpError,
    /// What it stands on could not be taken down, or a clean-up failed.
    TearDownError,
    /// It was not over in time.
    Timeout,
    /// A check in which some user never saw a secret of its own, or which could not be carried out.
    Vacuous,
    /// Its body did not run, or was interrupted.
    NotRun,
}

impl Class {
    /// Every class.
    pub const ALL: [Self; 13] = [
        Self::Passed,
        Self::Declared,
        Self::ProvenBetween,
        Self::AnotherViolation,
        Self::AnotherPanic,
        Self::TaskPanic,
        Self::Resumed,
        Self::AnotherError,
        Self::SetUpError,
        Self::TearDownError,
        Self::Timeout,
        Self::Vacuous,
        Self::NotRun,
    ];

    /// The class in a few words, as reports print it.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Passed => "it passed",
            Self::Declared => "it failed as declared",
            Self::ProvenBetween => "it proved both sides",
            Self::AnotherViolation => "it failed with another violation",
            Self::AnotherPanic => "it panicked elsewhere",
            Self::TaskPanic => "a task or a thread of it panicked",
            Self::Resumed => "it resumed a panic that did not begin in it",
            Self::AnotherError => "it failed with another error",
            Self::SetUpError => "its set-up failed",
            Self::TearDownError => "its tear-down failed",
            Self::Timeout => "it timed out",
            Self::Vacuous => "its check could not have found anything",
            Self::NotRun => "its body did not run",
        }
    }
}

impl fmt::Display for Class {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(self.as_str())
    }
}

/// What a fail-first test came to.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Outcome {
    /// Which class it is of.
    pub class: Class,
    /// What it failed with, where it failed as declared (with the faulty system, where it has both).
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub fingerprint: Option<Fingerprint>,
    /// What was said, for a person; empty where it passed.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub message: String,
}

impl Outcome {
    /// An outcome of a class that needs no evidence.
    pub fn of(class: Class, message: impl Into<String>) -> Self {
        Self {
            class,
            fingerprint: None,
            message: message.into(),
        }
    }

    /// It failed as declared.
    pub fn declared(fingerprint: Fingerprint, message: impl Into<String>) -> Self {
        Self {
            class: Class::Declared,
            fingerprint: Some(fingerprint),
            message: message.into(),
        }
    }
}
