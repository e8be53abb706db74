//! An engine serves one user, within limits, and its statistics agree with what it did.

use std::sync::{Arc, Mutex};
use std::time::Duration;

use ssot_reference::events::EventKind;
use ssot_reference::{Config, ExecutionEngine, Request, RunError};

use crate::clients::{StuckSink, engine, factory, ids, kinds, request};

const SECOND: Duration = Duration::from_secs(1);

#[tokio::test(start_paused = true)]
async fn statistics_say_how_each_call_ended() {
    let factory = factory(Config::default(), SECOND);
    let (engine, _) = engine(&factory, "ada").await;
    engine.run(request()).await.expect("the model answers");
    engine
        .run_tool("account_lookup", "mine")
        .await
        .expect("the account is there");
    engine
        .run(Request::new("billing", "fail"))
        .await
        .expect_err("the model fails");
    tokio::time::timeout(SECOND / 2, engine.run(request()))
        .await
        .expect_err("it is dropped before the model answers");
    // It was refused before it began.
    engine
        .run(Request::new("billing", " "))
        .await
        .expect_err("the prompt is empty");
    let done = engine.statistics();
    assert_eq!((done.answered, done.failed, done.cancelled), (2, 1, 1));
    let [view] = &engine.status_views()[..] else {
        panic!("there is one place")
    };
    assert_eq!((view.running, view.ended), (0, 4));
}

#[tokio::test(start_paused = true)]
async fn a_tool_is_a_run_with_events_of_its_own() {
    let factory = factory(Config::default(), SECOND);
    let (engine, mailbox) = engine(&factory, "ada").await;
    let output = engine
        .run_tool("account_lookup", "mine")
        .await
        .expect("the account is there");
    assert_eq!(output, "the account of ada is on the free plan");
    assert_eq!(
        kinds(&mailbox.events()),
        [
            EventKind::AgentStarted,
            EventKind::ToolExecuting,
            EventKind::ToolCompleted,
            EventKind::AgentCompleted
        ]
    );
    let unknown = engine
        .run_tool("lookup", "mine")
        .await
        .expect_err("there is none");
    assert_eq!(
        unknown.to_string(),
        "there is no tool `lookup`; there are account_lookup, note_writer"
    );
}

#[tokio::test(start_paused = true)]
async fn the_runs_of_a_user_are_limited_over_all_engines() {
    let config = Config {
        runs_per_user: 1,
        queue_timeout: SECOND / 2,
        ..Config::default()
    };
    let factory = factory(config, SECOND);
    let (first, _) = engine(&factory, "ada").await;
    let (second, _) = engine(&factory, "ada").await;
    let (bens, _) = engine(&factory, "ben").await;
    let (a, b, c) = tokio::join!(biased; first.run(request()), second.run(request()), bens.run(request()));
    assert!(a.is_ok() && c.is_ok());
    assert_eq!(b, Err(RunError::Busy { patience: SECOND / 2 }));
}

#[tokio::test(start_paused = true)]
async fn an_engine_runs_as_many_calls_at_once_as_is_configured() {
    let config = Config {
        runs_per_engine: 2,
        queue_timeout: SECOND / 2,
        ..Config::default()
    };
    let factory = factory(config, SECOND);
    let (engine, _) = engine(&factory, "ada").await;
    let (a, b, c) = tokio::join!(biased; engine.run(request()), engine.run(request()), engine.run(request()));
    assert!(a.is_ok() && b.is_ok());
    assert!(matches!(c, Err(RunError::Busy { .. })));
    engine.close().await.expect("it has nothing left");
    assert_eq!(engine.run(request()).await, Err(RunError::Closed));
}

#[tokio::test(start_paused = true)]
async fn the_history_keeps_the_newest_exchanges() {
    let config = Config {
        entries_per_thread: 2,
        ..Config::default()
    };
    let factory = factory(config, Duration::ZERO);
    let (engine, _) = engine(&factory, "ada").await;
    for number in 1..=5 {
        let prompt = format!("question {number}");
        engine
            .run(Request::new("billing", prompt))
            .await
            .expect("the model answers");
    }
    let prompts: Vec<_> = engine
        .history()
        .await
        .into_iter()
        .map(|exchange| exchange.prompt)
        .collect();
    assert_eq!(prompts, ["question 4", "question 5"]);
}

#[tokio::test(start_paused = true)]
async fn closing_runs_clean_ups_and_reports_what_failed() {
    let factory = factory(Config::default(), Duration::ZERO);
    let engine = factory
        .create(ids("ada"), Arc::new(StuckSink))
        .await
        .expect("valid");
    let order = Arc::new(Mutex::new(Vec::new()));
    for (name, result) in [("first", Ok(())), ("second", Err("stuck".to_owned()))] {
        let order = Arc::clone(&order);
        engine.on_close(name, move || async move {
            order.lock().expect("no test panics under it").push(name);
            result
        });
    }
    let failed = engine.close().await.expect_err("a clean-up and the sink fail");
    assert_eq!((failed.clean_ups(), failed.sinks(), failed.panicked()), (1, 1, 0));
    assert_eq!(failed.to_string(), "1 clean-ups failed; 1 sinks failed to close");
    assert_eq!(
        *order.lock().expect("no test panics under it"),
        ["second", "first"]
    );
    let counts = factory.metrics();
    assert_eq!((counts.engines_closed, counts.closes_failed), (1, 1));
    assert_eq!(engine.close().await, Ok(()), "closing again has no effect");
}

#[tokio::test(start_paused = true)]
async fn a_context_of_another_user_is_refused_and_one_of_the_own_is_taken() {
    let factory = factory(Config::default(), Duration::ZERO);
    let (engine, mailbox) = engine(&factory, "ada").await;
    let refused = engine
        .run_under(ids("ben"), request())
        .await
        .expect_err("it is ben's");
    assert!(
        refused.to_string().contains("the context is another user's"),
        "{refused}"
    );
    assert!(mailbox.events().is_empty());
    engine
        .run_under(ids("ada"), request())
        .await
        .expect("it is her own");
}

#[tokio::test(start_paused = true)]
async fn closing_waits_for_every_call_that_runs() {
    let config = Config {
        runs_per_engine: 2,
        ..Config::default()
    };
    let factory = factory(config, SECOND);
    let (engine, _) = engine(&factory, "ada").await;
    let begun = tokio::time::Instant::now();
    let late = async {
        tokio::time::sleep(SECOND / 2).await;
        tokio::join!(biased; engine.run(request()), engine.close())
    };
    let (first, (second, closed)) = tokio::join!(biased; engine.run(request()), late);
    assert!(first.is_ok() && second.is_ok());
    assert_eq!(closed, Ok(()));
    assert_eq!(begun.elapsed(), SECOND + SECOND / 2);
    assert_eq!(engine.statistics().answered, 2);
}
