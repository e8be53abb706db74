//! Snapshots of what users observed: named, unnamed and in the code; the same wherever they are taken.

use serde_json::json;
use ssot_harness::assert_event_snapshot;
use ssot_harness::prelude::*;
use ssot_harness::trace::Trace;

/// Two users' runs of an agent: their ids, secrets and times are others in each test and with each seed.
fn observed(case: &Case) -> (User, Trace) {
    let [ada, ben] = case.users();
    for (number, user) in [(100, &ada), (7, &ben)] {
        let run = &user.context().run;
        user.saw(
            Surface::Event,
            &json!({ "type": "agent_started", "run_id": run, "sequence": number }),
        );
        user.saw(Surface::Reply, &"no event");
        user.saw(
            Surface::Event,
            &json!({
                "type": "agent_completed", "run_id": run, "sequence": number + 1, "text": format!("{} for {}", user.secret("card"), user.id()),
            }),
        );
    }
    (ada, case.trace())
}

#[ssot_harness::test]
async fn named_unnamed_and_in_the_code(case: &Case) {
    let (ada, trace) = observed(case);
    let mut settings = insta::Settings::clone_current();
    settings.set_snapshot_path("../../snapshots");
    settings.set_prepend_module_to_snapshot(false);
    settings.bind(|| {
        assert_event_snapshot!(trace);
        assert_event_snapshot!("events_of_one_user", trace.of(&ada));
    });
    assert_event_snapshot!(trace.of(&ada), @r#"
    {"run_id":"[run:1]","sequence":"[n+0]","type":"agent_started"}
    {"run_id":"[run:1]","sequence":"[n+1]","text":"[secret:ada/card] for [user:1]","type":"agent_completed"}
    "#);
}

/// What is redacted travels with the trace, into a task and onto another thread.
#[ssot_harness::test]
async fn a_task_takes_the_same_snapshot(case: &Case) {
    let (ada, trace) = observed(case);
    let here = trace.of(&ada).redacted();
    let of_ada = ada.clone();
    let there = case
        .spawn(async move { trace.of(&of_ada).redacted() })
        .await
        .unwrap();
    assert_eq!(here, there);
    assert_eq!(here[0]["value"]["run_id"], "[run:1]");
}

#[ssot_harness::test]
async fn a_snapshot_of_no_event_is_an_error(case: &Case) {
    let [ada] = case.users();
    ada.saw(Surface::Reply, &"no event");
    let trace = case.trace();
    let panic = std::panic::catch_unwind(|| assert_event_snapshot!(trace.of(&ada), @"")).unwrap_err();
    let message = panic.downcast_ref::<String>().unwrap();
    assert!(message.contains("there is no event to keep"), "{message}");
    case.allow_panics(1);
}

#[ssot_harness::test]
async fn what_was_observed_is_serialised(case: &Case) {
    let (_, trace) = observed(case);
    let value = serde_json::to_value(&trace).unwrap();
    assert_eq!(value.as_array().unwrap().len(), 6);
    assert_eq!(
        (&value[1]["user"], &value[1]["surface"], &value[1]["value"]),
        (&json!(0), &json!("reply"), &json!("no event"))
    );
}
