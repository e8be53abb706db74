//! The report as JSON: what a program reads of an outcome.

use std::process::Command;

use serde_json::{Value, json};
use ssot_harness::prelude::*;

use crate::systems::{leaky, sound};

#[test]
fn a_failure_tells_a_program_what_it_tells_a_person() {
    let failure = leaky(2).check().unwrap_err();
    let json = failure.to_json();
    assert_eq!(
        (&json["version"], &json["outcome"]),
        (&json!(1), &json!("violation"))
    );
    assert_eq!(json["replay"]["text"], failure.replay_text().unwrap());
    assert_eq!(json["schedule"]["text"], failure.schedule().unwrap().to_string());
    let preemptions = json["schedule"]["preemptions"].as_array().unwrap();
    assert_eq!(preemptions.len(), failure.preemptions().unwrap() as usize);
    let (violation, told) = (&failure.violations()[0], &json["violations"][0]);
    assert_eq!(told["detail"], violation.detail());
    let (observation, range) = violation.spans().next().unwrap();
    let span = &told["spans"][0];
    assert_eq!(
        (&span["start"], &span["end"]),
        (&json!(range.start), &json!(range.end))
    );
    assert_eq!(span["observation"]["text"], observation.text());
}

#[test]
fn what_each_user_saw_alone_is_told_beside_what_it_saw() {
    let json = leaky(2).check().unwrap_err().to_json();
    let seen = |observations: &Value| -> Vec<(u64, Value)> {
        let all = observations.as_array().unwrap().iter();
        all.map(|seen| {
            let text = seen["text"].as_str().unwrap();
            (
                seen["user"].as_u64().unwrap(),
                serde_json::from_str(text).unwrap(),
            )
        })
        .collect()
    };
    let with_others = seen(&json["observations"]);
    let alone: Vec<_> = json["solo"].as_array().unwrap().iter().map(seen).collect();
    assert_eq!(alone.len(), json["users"].as_array().unwrap().len());
    for (user, own) in (0..).zip(&alone) {
        assert!(!own.is_empty(), "{json:#}");
        assert!(own.iter().all(|(viewer, _)| *viewer == user), "{json:#}");
    }
    let leaked = &json["violations"][0]["observation"];
    let leaked: Value = serde_json::from_str(leaked["text"].as_str().unwrap()).unwrap();
    assert!(with_others.iter().any(|(_, value)| *value == leaked));
    let victim = usize::try_from(json["violations"][0]["user"].as_u64().unwrap()).unwrap();
    assert!(
        alone[victim].iter().all(|(_, value)| *value != leaked),
        "{json:#}"
    );
}

#[test]
fn a_pass_tells_a_program_what_it_covered() {
    let report = sound(3).executions(50).check().unwrap();
    let json = report.to_json();
    assert_eq!(
        (&json["version"], &json["outcome"]),
        (&json!(1), &json!("passed"))
    );
    assert_eq!(json["summary"]["executions"], report.executions());
    assert_eq!(
        json["summary"]["certificate"],
        report.certificate().unwrap().to_string()
    );
}

/// Runs one of these tests in a process of its own, with this format of reports.
fn in_format(format: &str, test: &str) {
    let output = Command::new(std::env::current_exe().unwrap())
        .args(["--exact", test])
        .env("SSOT_TEST_OF_FORMAT", format)
        .env("SSOT_REPORT_FORMAT", format)
        .output()
        .unwrap();
    let said = String::from_utf8_lossy(&output.stdout);
    assert!(output.status.success() && said.contains("1 passed"), "{said}");
}

#[test]
fn a_report_is_printed_as_the_environment_says() {
    match std::env::var("SSOT_TEST_OF_FORMAT") {
        Ok(_) => {
            let failure = leaky(2).check().unwrap_err();
            let printed: Value = serde_json::from_str(&failure.to_string()).unwrap();
            assert_eq!(printed, failure.to_json());
            assert_eq!(format!("{failure:?}"), failure.to_string());
            let report = sound(2).executions(50).check().unwrap();
            let printed: Value = serde_json::from_str(&report.to_string()).unwrap();
            assert_eq!(printed, report.to_json());
        }
        Err(_) => in_format("json", "json::a_report_is_printed_as_the_environment_says"),
    }
}

#[test]
fn a_format_that_does_not_exist_is_refused() {
    match std::env::var("SSOT_TEST_OF_FORMAT") {
        Ok(_) => {
            let refused = sound(2).executions(50).check().unwrap_err();
            assert_eq!(refused.kind(), FailureKind::Misuse);
            let printed = refused.to_string();
            assert!(
                printed.starts_with("SSOT_REPORT_FORMAT is `yaml`, which is no format of reports"),
                "{printed}"
            );
        }
        Err(_) => in_format("yaml", "json::a_format_that_does_not_exist_is_refused"),
    }
}
