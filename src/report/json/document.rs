use std::collections::HashMap;
use std::path::Path;
use std::ptr;

use serde::Serialize;
use serde_json::Value;

use super::schedule::Steered;
use super::seen::Seen;
use super::summary::Summary;
use super::timeline::Stretch;
use super::violation::Broken;
use crate::oracle::LeftOut;
use crate::report::rows::rows;
use crate::report::{Caveat, FailureKind, Finding, Outcome, TestPath};
use crate::trace::Surface;

/// Goes up where something is taken out, or means something else.
const VERSION: u32 = 1;

/// What a check came to, as JSON.
pub(crate) fn to_json(outcome: Outcome<'_>) -> Value {
    let document = Document {
        version: VERSION,
        body: match outcome {
            Outcome::Violation(finding) => Body::Violation(Box::new(Violated::of(finding))),
            Outcome::Refused(refusal) => Body::Refused {
                kind: refusal.kind,
                what: &refusal.what,
                remedy: &refusal.remedy,
                executions: refusal.executions,
            },
            Outcome::Passed(passed) => Body::Passed(Box::new(Covered {
                test: passed.test.as_deref(),
                summary: Summary::of(&passed.search),
                not_compared: passed.left_out.iter().map(NotCompared::of).collect(),
                caveats: caveats(&passed.caveats),
            })),
        },
    };
    serde_json::to_value(document).expect("keys are texts, and no number is infinite")
}

#[derive(Serialize)]
struct Document<'o> {
    version: u32,
    #[serde(flatten)]
    body: Body<'o>,
}

#[derive(Serialize)]
#[serde(tag = "outcome", rename_all = "kebab-case")]
enum Body<'o> {
    Violation(Box<Violated<'o>>),
    Refused {
        kind: FailureKind,
        what: &'o str,
        remedy: &'o str,
        executions: u64,
    },
    Passed(Box<Covered<'o>>),
}

#[derive(Serialize)]
struct Covered<'o> {
    test: Option<&'o str>,
    summary: Summary,
    not_compared: Vec<NotCompared<'o>>,
    caveats: Vec<Said<'o>>,
}

/// Users are given by their index, steps are counted from 1.
#[derive(Serialize)]
struct Violated<'o> {
    test: Option<&'o str>,
    users: &'o [String],
    violations: Vec<Broken<'o>>,
    schedule: Steered,
    timeline: Vec<Stretch<'o>>,
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

#[cfg(test)]
mod tests {
    use serde_json::{Value, json};

    use super::to_json;
    use crate::report::samples::{Sample, search};
    use crate::report::{Caveat, FailureKind, Outcome, Passed, Refusal};
    use crate::trace::Surface;

    #[test]
    fn a_finding_has_all_that_is_known_of_it() {
        let finding = Sample::new(2, "v1:one@3:1,2x3,1x2")
            .saw(0, Surface::Event, 1, "agent_started")
            .leaked(1, 0, Surface::Reply, 4)
            .with(|finding| finding.caveats = vec![Caveat::OneCore])
            .finding();
        let json = to_json(Outcome::Violation(&finding));
        assert_eq!(json["version"], 1);
        assert_eq!(json["outcome"], "violation");
        assert_eq!(json["users"], json!(["ada", "ben"]));
        let violation = &json["violations"][0];
        assert_eq!(violation["kind"], "context-leak");
        assert_eq!((&violation["user"], &violation["owner"]), (&json!(1), &json!(0)));
        assert_eq!(violation["secret"], json!({ "label": "card", "kind": "text" }));
        assert_eq!(violation["encoding"], "plain");
        assert_eq!(json["observations"][1], violation["observation"]);
        let span = &violation["spans"][0];
        let range = |name: &str| usize::try_from(span[name].as_u64().unwrap()).unwrap();
        let text = span["observation"]["text"].as_str().unwrap();
        assert_eq!(text[range("start")..range("end")].len(), 26);
        assert_eq!(json["schedule"]["text"], "v1:one@3:1,2x3,1x2");
        assert_eq!(
            json["schedule"]["preemptions"],
            json!([{ "step": 2, "of": { "user": 0 } }])
        );
        assert_eq!(json["schedule"]["ending"], json!({ "kind": "done" }));
        let events: Vec<_> = json["timeline"]
            .as_array()
            .unwrap()
            .iter()
            .map(|row| (row["event"].as_str().unwrap(), row["first"].as_u64().unwrap()))
            .collect();
        assert_eq!(
            events,
            [("goes", 1), ("saw", 1), ("goes", 2), ("saw", 4), ("goes", 5)]
        );
        assert_eq!(json["timeline"][2]["preempted"], 0);
        let saw = &json["timeline"][3];
        assert_eq!((&saw["observation"], &saw["violation"]), (&json!(1), &json!(0)));
        assert_eq!(
            json["summary"]["portions"][1],
            json!({ "of": "uniform walk", "executions": 234 })
        );
        assert_eq!(json["replay"]["text"], "v1:one@3:1,2x3,1x2");
        let caveat = &json["caveats"][0];
        assert_eq!(
            (&caveat["kind"], &caveat["text"]),
            (&json!("one-core"), &json!(Caveat::OneCore.to_string()))
        );
    }

    #[test]
    fn a_refusal_and_a_pass_say_which_they_are() {
        let refusal = Refusal {
            kind: FailureKind::RealIo,
            what: "what".to_owned(),
            remedy: "remedy".to_owned(),
            executions: 3,
        };
        assert_eq!(
            to_json(Outcome::Refused(&refusal)),
            json!({
                "version": 1, "outcome": "refused", "kind": "real-io", "what": "what", "remedy": "remedy", "executions": 3,
            })
        );
        let passed = Passed {
            search: search(3, &[6]),
            test: None,
            caveats: Vec::new(),
            left_out: Vec::new(),
        };
        let json = to_json(Outcome::Passed(&passed));
        assert_eq!(
            (&json["outcome"], &json["test"]),
            (&json!("passed"), &Value::Null)
        );
        assert_eq!(json["summary"]["orders"], json!({ "seen": 423, "all": 432 }));
    }
}
