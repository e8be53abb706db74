//! Protocols as oracles of a check: every order, dropped calls, and streams that do not depend on the call.

use std::sync::Arc;
use std::time::Duration;

use serde_json::{Value, json};
use ssot_harness::events::{Protocol, either, seq};
use ssot_harness::prelude::*;
use tokio::sync::{Mutex, Semaphore};
use tokio::task::yield_now;
use tokio::time::sleep;

fn event(kind: &str, run: &str) -> Value {
    json!({ "type": kind, "threadId": run, "runId": run })
}

/// What an agent does when its call is dropped.
#[derive(Clone, Copy, PartialEq)]
enum Guard {
    None,
    EndsTheRun,
}

/// Ends a run that its call has left.
struct EndOnDrop<'r>(&'r User, &'r str, bool);

impl Drop for EndOnDrop<'_> {
    fn drop(&mut self) {
        if !self.2 {
            self.0.saw(
                Surface::Event,
                &json!({ "type": "RUN_ERROR", "message": format!("the client of {} left", self.1) }),
            );
        }
    }
}

/// An agent that speaks AG-UI: the tool's end comes from a task, and the run waits for it or does not.
async fn run(user: &User, waits_for_tool: bool, guard: Guard) {
    let run = user.context().run.to_string();
    let mut end = (guard == Guard::EndsTheRun).then(|| EndOnDrop(user, &run, false));
    user.saw(Surface::Event, &event("RUN_STARTED", &run));
    user.saw(
        Surface::Event,
        &json!({ "type": "TOOL_CALL_START", "toolCallId": "c", "toolCallName": "search" }),
    );
    let observer = user.observer();
    let tool = tokio::spawn(async move {
        yield_now().await;
        observer.saw(
            Surface::Event,
            &json!({ "type": "TOOL_CALL_END", "toolCallId": "c" }),
        );
    });
    if waits_for_tool {
        tool.await.unwrap();
    } else {
        yield_now().await;
        yield_now().await;
    }
    user.saw(Surface::Event, &event("RUN_FINISHED", &run));
    if let Some(end) = &mut end {
        end.2 = true;
    }
    user.saw(Surface::Reply, &user.secret("answer"));
}

fn agents(waits_for_tool: bool, guard: Guard) -> Check<()> {
    isolation(async || ())
        .users(2, async move |user: &User, (): &()| {
            run(user, waits_for_tool, guard).await;
            Ok(())
        })
        .protocol(Protocol::ag_ui())
        .without_regressions()
        .executions(600)
}

#[test]
fn a_run_that_ends_while_a_tool_call_is_open_is_found() {
    let failure = agents(false, Guard::EndsTheRun).check().unwrap_err();
    let violation = &failure.violations()[0];
    assert!(
        matches!(violation.kind(), Kind::EventMissing | Kind::EventOutOfOrder),
        "{failure}"
    );
    assert!(violation.detail().contains("open: tool call c"), "{failure}");
}

/// The tool's task observes for the user, whether its call lives or not: the stream does not depend on the call.
#[test]
fn a_run_that_is_left_open_by_a_dropped_call_is_found() {
    let failure = agents(true, Guard::None).check().unwrap_err();
    let violation = &failure.violations()[0];
    assert_eq!(violation.kind(), Kind::EventMissing, "{failure}");
    assert!(
        violation.detail().contains("the stream ends within a run"),
        "{failure}"
    );
}

#[test]
fn an_agent_that_closes_what_it_opens_passes() {
    // A tool that outlives the client is no part of the run, and says so: its end may come after the run's.
    let check = isolation(async || ())
        .users(2, async |user: &User, (): &()| {
            let run = user.context().run.to_string();
            let _end = EndOnDrop(user, &run, false);
            user.saw(Surface::Event, &event("RUN_STARTED", &run));
            yield_now().await;
            user.saw(Surface::Reply, &user.secret("answer"));
            Ok(())
        })
        .protocol(Protocol::ag_ui().closed_when_dropped())
        .without_regressions()
        .executions(600);
    check.check().unwrap();
}

/// Ada takes the only slot: whoever comes meanwhile gets an error, after its run has begun, and a task has shown so.
#[test]
fn a_run_that_an_error_leaves_open_is_found() {
    let check = |ends: bool| {
        isolation(async || Semaphore::new(1))
            .users(2, async move |user: &User, slots: &Semaphore| {
                let run = user.context().run.to_string();
                let observer = user.observer();
                let begins = event("RUN_STARTED", &run);
                tokio::spawn(async move { observer.saw(Surface::Event, &begins) }).await?;
                user.saw(Surface::Reply, &user.secret("answer"));
                let Ok(_slot) = slots.try_acquire() else {
                    if ends {
                        user.saw(
                            Surface::Event,
                            &json!({ "type": "RUN_ERROR", "message": "no slot" }),
                        );
                    }
                    return Err("no slot".into());
                };
                yield_now().await;
                user.saw(Surface::Event, &event("RUN_FINISHED", &run));
                Ok(())
            })
            .protocol(Protocol::ag_ui())
            .without_solo_comparison()
            .cancellations(0)
            .without_regressions()
            .executions(400)
            .check()
    };
    check(true).unwrap();
    let failure = check(false).unwrap_err();
    assert_eq!(failure.violations()[0].kind(), Kind::EventMissing, "{failure}");
}

/// A script that reads its own stream reads no more of it when its call is dropped.
#[test]
fn a_stream_that_ends_with_its_call_is_not_accused() {
    let check = |protocol: Protocol| {
        isolation(async || ())
            .users(2, async |user: &User, (): &()| {
                let run = user.context().run.to_string();
                user.saw(Surface::Event, &event("RUN_STARTED", &run));
                yield_now().await;
                user.saw(Surface::Event, &event("RUN_FINISHED", &run));
                user.saw(Surface::Reply, &user.secret("answer"));
                Ok(())
            })
            .protocol(protocol)
            .without_regressions()
            .executions(600)
            .check()
    };
    check(Protocol::ag_ui()).unwrap();
    let failure = check(Protocol::ag_ui().closed_when_dropped()).unwrap_err();
    assert_eq!(failure.violations()[0].kind(), Kind::EventMissing, "{failure}");
}

/// A script whose run fails, and whose last event says so, or does not.
#[test]
fn a_failed_run_that_is_announced_as_completed_is_a_false_success() {
    let check = |error: Value, answers_before_it_fails: bool, protocol: Protocol| {
        isolation(async || ())
            .users(2, async move |user: &User, (): &()| {
                user.saw(Surface::Event, &json!({ "type": "agent_started" }));
                user.saw(Surface::Reply, &user.secret("answer"));
                yield_now().await;
                user.saw(
                    Surface::Event,
                    &json!({ "type": "agent_completed", "error": error }),
                );
                if answers_before_it_fails {
                    user.saw(Surface::Reply, "but there is an answer");
                }
                user.saw(Surface::Error, "the model is down");
                Ok(())
            })
            .protocol(protocol)
            .without_regressions()
            .executions(60)
            .check()
    };
    let told = || Protocol::agent_run().failure_at("agent_completed", "/error");
    check(json!("the model is down"), false, told()).unwrap();
    check(json!(null), false, Protocol::agent_run()).unwrap();
    // The error is another call's.
    check(json!(null), true, told()).unwrap();
    let failure = check(json!(null), false, told()).unwrap_err();
    assert_eq!(failure.violations()[0].kind(), Kind::FalseSuccess, "{failure}");
}

#[test]
fn an_event_of_a_run_that_another_has_started_is_found() {
    let failure = isolation(async || Arc::new(Mutex::new(None::<String>)))
        .users(2, async |user: &User, last: &Arc<Mutex<Option<String>>>| {
            let run = format!("run-{}", user.index());
            *last.lock().await = Some(run.clone());
            user.saw(Surface::Event, &event("RUN_STARTED", &run));
            yield_now().await;
            let current = last.lock().await.clone().unwrap();
            user.saw(
                Surface::Event,
                &json!({ "type": "CUSTOM", "name": "progress", "value": 1, "runId": current }),
            );
            user.saw(Surface::Event, &event("RUN_FINISHED", &run));
            user.saw(Surface::Reply, &user.secret("answer"));
            Ok(())
        })
        .protocol(Protocol::ag_ui())
        .without_solo_comparison()
        .without_regressions()
        .check()
        .unwrap_err();
    let foreign = failure
        .violations()
        .iter()
        .any(|violation| violation.detail().contains("which only"));
    assert!(foreign, "{failure}");
    assert_eq!(failure.violations()[0].kind(), Kind::Misattribution, "{failure}");
}

#[test]
fn limits_are_those_of_the_virtual_clock() {
    let check = |pause: Duration| {
        isolation(async || ())
            .users(2, async move |user: &User, (): &()| {
                user.saw(Surface::Event, "started");
                sleep(pause).await;
                user.saw(Surface::Event, "done");
                user.saw(Surface::Reply, &user.secret("answer"));
                Ok(())
            })
            .protocol(
                Protocol::new("job")
                    .sequence("started done")
                    .done_within(Duration::from_secs(3_600)),
            )
            .lateness(Duration::from_millis(10))
            .without_regressions()
            .executions(200)
            .check()
    };
    check(Duration::from_secs(3_000)).unwrap();
    let failure = check(Duration::from_secs(4_000)).unwrap_err();
    assert_eq!(failure.violations()[0].kind(), Kind::LimitExceeded, "{failure}");
}

#[test]
fn a_user_without_an_event_and_a_protocol_without_a_stream_are_told() {
    let silent = || {
        isolation(async || ())
            .users(2, async |user: &User, (): &()| {
                user.saw(Surface::Reply, &user.secret("answer"));
                Ok(())
            })
            .without_regressions()
    };
    let failure = silent().protocol(Protocol::agent_run()).check().unwrap_err();
    assert_eq!(failure.violations()[0].kind(), Kind::EventMissing, "{failure}");
    assert!(
        failure.to_string().contains("the user observed no event"),
        "{failure}"
    );
    let failure = silent().protocol(Protocol::new("nothing")).check().unwrap_err();
    assert_eq!(failure.kind(), FailureKind::Misuse, "{failure}");
    assert!(
        failure
            .to_string()
            .contains("a protocol that can match nothing: it has no rule"),
        "{failure}"
    );
}

#[ssot_harness::test]
async fn what_users_of_a_test_case_observe_follows_a_protocol(case: &Case) -> CaseResult {
    let [ada, ben] = case.users();
    let order = |kind: &str, id: u32| json!({ "type": kind, "order_id": id });
    for kind in ["placed", "paid", "shipped"] {
        ada.saw(Surface::Event, &order(kind, 1));
        ben.saw(Surface::Event, &order(kind, 2));
    }
    let orders = Protocol::new("orders")
        .keyed("order_id", seq(["placed", "paid", either("shipped", "refunded")]))
        .all_closed_before("day_closed");
    case.trace().of(&ada).must_follow(&orders)?;
    ben.saw(Surface::Event, &order("paid", 2));
    let error = case.trace().of(&ben).must_follow(orders).unwrap_err();
    assert_eq!(error.kind(), Some(Kind::EventDuplicated), "{error}");
    assert_eq!((error.number(), error.event()), (Some(4), Some("paid")));
    Ok(())
}
