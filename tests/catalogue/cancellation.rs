//! A call dropped at any await leaves nothing behind and harms nobody.

use std::sync::Arc;

use ssot_harness::reference::{
    Answer, Config, EngineFactory, ExecutionEngine, ExecutionEngineFactory, Live, Request, RunError,
};

use crate::by_hand::{ByHand, engine_for, secret, secret_request, user, visit};

/// More polls than any script here needs.
const ENOUGH: usize = 60;

fn factory() -> ExecutionEngineFactory {
    ExecutionEngineFactory::new(Config::default())
}

async fn two_calls(factory: &ExecutionEngineFactory) -> Result<Answer, RunError> {
    let (engine, _) = engine_for(factory, "ada").await.expect("the identity is valid");
    let (first, second) =
        tokio::join!(biased; engine.run(secret_request("ada")), engine.run(Request::new("billing", "more")));
    first?;
    engine.close().await.expect("the tasks end well");
    second
}

#[tokio::test(start_paused = true)]
async fn a_script_dropped_after_any_number_of_polls_leaves_nothing() {
    let mut finished = 0;
    for polls in 0..ENOUGH {
        let factory = factory();
        let mut script = ByHand::new(two_calls(&factory));
        finished += usize::from(script.poll_times(polls).await.is_some());
        drop(script);
        assert_eq!(factory.live(), Live::default(), "dropped after {polls} polls");
    }
    assert!(
        (1..ENOUGH - 20).contains(&finished),
        "the script was dropped at every await: {finished} finished"
    );
}

#[tokio::test(start_paused = true)]
async fn an_engine_whose_call_was_dropped_goes_on_as_if_it_had_not_been_made() {
    for polls in 0..ENOUGH {
        let factory = factory();
        let (engine, _) = engine_for(&factory, "ada").await.expect("the identity is valid");
        let idle = factory.live();
        let mut call = ByHand::new(engine.run(Request::new("billing", "never mind")));
        let dropped = call.poll_times(polls).await.is_none();
        drop(call);
        if dropped {
            assert_eq!(factory.live(), idle, "dropped after {polls} polls");
        }
        let answer = engine
            .run(secret_request("ada"))
            .await
            .expect("the model answers");
        assert!(
            answer.text.contains(&secret("ada")),
            "dropped after {polls} polls"
        );
        assert_eq!(
            factory.metrics().runs_cancelled,
            u64::from(dropped && polls > 0),
            "{polls} polls"
        );
    }
}

#[tokio::test(start_paused = true)]
async fn a_call_dropped_while_it_queues_leaves_the_queue() {
    let factory = factory();
    let (engine, _) = engine_for(&factory, "ada").await.expect("the identity is valid");
    let engine: &dyn ExecutionEngine = &*engine;
    let mut running = ByHand::new(engine.run(secret_request("ada")));
    let mut queued = ByHand::new(engine.run(secret_request("ada")));
    assert!(running.poll().is_none());
    assert!(queued.poll().is_none());
    drop(queued);
    assert_eq!(
        engine.live(),
        Live {
            runs: 1,
            permits: 1,
            sinks: 1,
            ..Live::default()
        }
    );
}

#[tokio::test(start_paused = true)]
async fn another_users_dropped_call_changes_nothing_for_a_user() {
    let (alone, mailbox) = visit(&factory(), "ben").await.expect("the model answers");
    let events = mailbox.events();
    for polls in 0..ENOUGH {
        let factory = factory();
        let mut dropped = ByHand::new(two_calls(&factory));
        dropped.poll_times(polls).await;
        let (engine, mailbox) = engine_for(&factory, "ben").await.expect("the identity is valid");
        let mut call = ByHand::new(engine.run(secret_request("ben")));
        assert!(call.poll_times(3).await.is_none());
        drop(dropped);
        let answer = call
            .poll_times(ENOUGH)
            .await
            .expect("done")
            .expect("the model answers");
        assert_eq!(
            (answer, mailbox.events()),
            (alone.clone(), events.clone()),
            "dropped after {polls} polls"
        );
    }
}

#[tokio::test(start_paused = true)]
async fn an_engine_that_is_only_dropped_is_not_kept_alive_by_anything() {
    let factory = factory();
    let (engine, mailbox) = engine_for(&factory, "ada").await.expect("the identity is valid");
    engine
        .run(secret_request("ada"))
        .await
        .expect("the model answers");
    drop(engine);
    assert_eq!(factory.live(), Live::default());
    assert_eq!(Arc::strong_count(&mailbox), 1);
    factory
        .clean_up(&user("ada").user)
        .await
        .expect("there is nothing to clean up");
}
