use std::collections::HashMap;
use std::path::Path;
use std::ptr;

use serde::Serialize;

use super::schedule::Steered;
use super::seen::Seen;
use super::steps::{Task, tasks};
use super::summary::Summary;
use super::timeline::Stretch;
use super::violation::Broken;
use crate::oracle::LeftOut;
use crate::report::rows::rows;
use crate::report::{Caveat, CheckFailure, FailureKind, Finding, Passed, TestPath};
use crate::trace::Surface;

/// What a check comes to.
#[derive(Serialize)]
#[serde(tag = "outcome", rename_all = "kebab-case")]
pub(super) enum Checked<'o> {
    Violation(Box<Violated<'o>>),
    Refused {
        kind: FailureKind,
        what: &'o str,
        remedy: &'o str,
        executions: u64,
    },
    Passed(Box<Covered<'o>>),
}

impl<'o> Checked<'o> {
    pub(super) fn failed(failure: &'o CheckFailure) -> Self {
        match failure {
            CheckFailure::Violation(finding) => Self::Violation(Box::new(Violated::of(finding))),
            CheckFailure::Refused(refusal) => Self::Refused {
                kind: refusal.kind,
                what: &refusal.what,
                remedy: &refusal.remedy,
                executions: refusal.executions,
            },
        }
    }

    pub(super) fn passed(passed: &'o Passed) -> Self {
        Self::Passed(Box::new(Covered {
            test: passed.test.as_deref(),
            summary: Summary::of(&passed.search),
            not_compared: passed.left_out.iter().map(NotCompared::of).collect(),
            caveats: caveats(&passed.caveats),
        }))
    }
}

#[derive(Serialize)]
pub(super) struct Covered<'o> {
    test: Option<&'o str>,
    summary: Summary,
    not_compared: Vec<NotCompared<'o>>,
    caveats: Vec<Said<'o>>,
}

/// Users are given by their index, steps are counted from 1.
#[derive(Serialize)]
pub(super) struct Violated<'o> {
    test: Option<&'o str>,
    users: &'o [String],
    violations: Vec<Broken<'o>>,
    schedule: Steered<'o>,
    timeline: Vec<Stretch<'o>>,
    tasks: Vec<Task<'o>>,
    observations: Vec<Seen<'o>>,
    /// What each user saw alone.
    solo: Vec<Vec<Seen<'o>>>,
    summary: Summary,
    found_by: String,
    shrinking: Shrunk,
    nondeterminism: Option<Different<'o>>,
    best_effort: bool,
    inputs: Option<&'o [Vec<String>]>,
    replay: Again<'o>,
    not_compared: Vec<NotCompared<'o>>,
    caveats: Vec<Said<'o>>,
}

impl<'o> Violated<'o> {
    fn of(finding: &'o Finding) -> Self {
        let observations = finding.trace.observations();
        let numbers = observations.iter().zip(0..);
        let numbers: HashMap<_, usize> = numbers
            .map(|(observation, number)| (ptr::from_ref(observation), number))
            .collect();
        let rows = rows(finding);
        let solo = finding.solo.iter().map(|own| own.iter().map(Seen::of).collect());
        let shrinking = finding.shrinking;
        Self {
            test: finding.test.as_ref().map(TestPath::path),
            users: &finding.names,
            violations: finding.violations.iter().map(Broken::of).collect(),
            schedule: Steered::of(finding),
            timeline: rows
                .iter()
                .map(|row| Stretch::of(row, finding, &numbers))
                .collect(),
            tasks: tasks(finding.steps.as_ref()),
            observations: observations.iter().map(Seen::of).collect(),
            solo: solo.collect(),
            summary: Summary::of(&finding.search),
            found_by: finding.found_by.to_string(),
            shrinking: Shrunk {
                attempts: shrinking.attempts,
                preemptions_before: shrinking.preemptions_before,
                steps_before: shrinking.steps_before,
            },
            nondeterminism: finding.nondeterminism.as_ref().map(|different| Different {
                step: different.step,
                difference: &different.difference,
                failed_again: different.failed_again,
            }),
            best_effort: finding.best_effort,
            inputs: finding.inputs.as_deref(),
            replay: Again {
                text: &finding.replay,
                command: finding.test.as_ref().and_then(TestPath::command),
                kept_in: finding.kept.as_deref(),
            },
            not_compared: finding.left_out.iter().map(NotCompared::of).collect(),
            caveats: caveats(&finding.caveats),
        }
    }
}

#[derive(Serialize)]
struct Shrunk {
    attempts: usize,
    preemptions_before: u32,
    steps_before: usize,
}

#[derive(Serialize)]
struct Different<'o> {
    step: usize,
    difference: &'o str,
    failed_again: bool,
}

#[derive(Serialize)]
struct Again<'o> {
    text: &'o str,
    command: Option<Vec<String>>,
    kept_in: Option<&'o Path>,
}

#[derive(Serialize)]
struct NotCompared<'o> {
    user: usize,
    surface: Option<&'static str>,
    observation: Option<usize>,
    pointer: &'o str,
}

impl<'o> NotCompared<'o> {
    fn of(left_out: &'o LeftOut) -> Self {
        Self {
            user: left_out.user_index(),
            surface: left_out.surface().map(Surface::as_str),
            observation: left_out.observation(),
            pointer: left_out.pointer(),
        }
    }
}

#[derive(Serialize)]
struct Said<'o> {
    #[serde(flatten)]
    caveat: &'o Caveat,
    text: String,
}

fn caveats(caveats: &[Caveat]) -> Vec<Said<'_>> {
    let texts = caveats.iter().map(|caveat| Said {
        caveat,
        text: caveat.to_string(),
    });
    texts.collect()
}
