use serde::Serialize;
use serde_json::Value;

use super::check::Checked;
use super::test_case::{FailedTest, PassedTest};
use crate::report::Outcome;

/// Goes up where something is taken out, or means something else.
const VERSION: u32 = 1;

/// An outcome as JSON.
pub(crate) fn to_json(outcome: Outcome<'_>) -> Value {
    let document = Document {
        version: VERSION,
        body: match outcome {
            Outcome::CheckFailed(failure) => Body::Check(Checked::failed(failure)),
            Outcome::CheckPassed(passed) => Body::Check(Checked::passed(passed)),
            Outcome::TestFailed(failure) => match failure.only_check() {
                Some(check) => Body::Check(Checked::failed(check)),
                None => Body::Test(Tested::TestFailed(FailedTest::of(failure))),
            },
            Outcome::TestPassed(summary) => Body::Test(Tested::TestPassed(PassedTest::of(summary))),
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
#[serde(untagged)]
enum Body<'o> {
    Check(Checked<'o>),
    Test(Tested<'o>),
}

#[derive(Serialize)]
#[serde(tag = "outcome", rename_all = "kebab-case")]
enum Tested<'o> {
    TestFailed(FailedTest<'o>),
    TestPassed(PassedTest<'o>),
}

#[cfg(test)]
mod tests {
    use serde_json::{Value, json};

    use super::to_json;
    use crate::report::samples::{Sample, search};
    use crate::report::{Caveat, CheckFailure, FailureKind, Outcome, Passed, Refusal};
    use crate::trace::Surface;

    #[test]
    fn a_finding_has_all_that_is_known_of_it() {
        let finding = Sample::new(2, "v1:one@3:1,2x3,1x2")
            .saw(0, Surface::Event, 1, "agent_started")
            .leaked(1, 0, Surface::Reply, 4)
            .with(|finding| finding.caveats = vec![Caveat::OneCore])
            .finding();
        let failure = CheckFailure::Violation(Box::new(finding));
        let json = to_json(Outcome::CheckFailed(&failure));
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
            to_json(Outcome::CheckFailed(&CheckFailure::Refused(Box::new(refusal)))),
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
        let json = to_json(Outcome::CheckPassed(&passed));
        assert_eq!(
            (&json["outcome"], &json["test"]),
            (&json!("passed"), &Value::Null)
        );
        assert_eq!(json["summary"]["orders"], json!({ "seen": 423, "all": 432 }));
    }
}
