//! Closing, cleaning up and shutting down wait for what is under way and refuse what comes after.

use std::sync::Arc;

use ssot_harness::reference::{
    Config, CreateError, EngineFactory, ExecutionEngine, ExecutionEngineFactory, Live, RunError,
};

use crate::by_hand::{ByHand, engine_for, secret_request, user, visit};

fn factory() -> ExecutionEngineFactory {
    ExecutionEngineFactory::new(Config::default())
}

#[tokio::test(start_paused = true)]
async fn a_closed_engine_runs_nothing() {
    let factory = factory();
    let (engine, mailbox) = engine_for(&factory, "ada").await.expect("the identity is valid");
    engine.close().await.expect("it has no tasks");
    engine.close().await.expect("closing twice is closing once");
    assert_eq!(engine.run(secret_request("ada")).await, Err(RunError::Closed));
    assert_eq!(mailbox.events(), []);
    assert_eq!(
        Arc::strong_count(&mailbox),
        1,
        "the sink is let go, though the engine is kept"
    );
    assert_eq!(factory.live(), Live::default());
    assert_eq!(factory.metrics().engines_closed, 1);
}

#[tokio::test(start_paused = true)]
async fn closing_waits_for_the_run_under_way_and_turns_away_who_queues() {
    let factory = factory();
    let (engine, _) = engine_for(&factory, "ada").await.expect("the identity is valid");
    let engine: &dyn ExecutionEngine = &*engine;
    let mut running = ByHand::new(engine.run(secret_request("ada")));
    let mut queued = ByHand::new(engine.run(secret_request("ada")));
    let mut closing = ByHand::new(engine.close());
    assert!(running.poll().is_none());
    assert!(queued.poll().is_none());
    assert_eq!(
        engine.live(),
        Live {
            runs: 2,
            permits: 1,
            sinks: 1,
            ..Live::default()
        }
    );
    assert!(closing.poll().is_none());
    assert!(running.poll_times(100).await.is_some_and(|answer| answer.is_ok()));
    assert!(
        closing.poll().is_none(),
        "the one that queues has not been turned away"
    );
    assert_eq!(queued.poll_times(100).await, Some(Err(RunError::Closed)));
    assert_eq!(closing.poll_times(100).await, Some(Ok(())));
    assert_eq!(factory.live(), Live::default());
}

#[tokio::test(start_paused = true)]
async fn two_may_close_at_once() {
    let factory = factory();
    let (engine, _) = engine_for(&factory, "ada").await.expect("the identity is valid");
    engine
        .run(secret_request("ada"))
        .await
        .expect("the model answers");
    let (mut first, ada) = (ByHand::new(engine.close()), user("ada").user);
    let mut second = ByHand::new(factory.clean_up(&ada));
    assert!(first.poll().is_none(), "the transcript is not filed yet");
    assert!(second.poll().is_none());
    assert_eq!(first.poll_times(100).await, Some(Ok(())));
    assert_eq!(second.poll_times(100).await, Some(Ok(())));
    assert_eq!(factory.metrics().engines_closed, 1);
}

#[tokio::test(start_paused = true)]
async fn a_close_that_is_dropped_can_be_done_again() {
    let factory = factory();
    let (engine, _) = engine_for(&factory, "ada").await.expect("the identity is valid");
    engine
        .run(secret_request("ada"))
        .await
        .expect("the model answers");
    let mut closing = ByHand::new(engine.close());
    assert!(closing.poll().is_none());
    drop(closing);
    assert_eq!(engine.run(secret_request("ada")).await, Err(RunError::Closed));
    engine.close().await.expect("the tasks end well");
    assert_eq!(factory.live(), Live::default());
}

#[tokio::test(start_paused = true)]
async fn closing_waits_until_the_transcript_is_filed() {
    let factory = factory();
    let ada = user("ada");
    let (engine, _) = engine_for(&factory, "ada").await.expect("the identity is valid");
    let answer = ByHand::new(engine.run(secret_request("ada")))
        .poll_times(100)
        .await
        .expect("done")
        .expect("answered");
    engine.close().await.expect("the tasks end well");
    let filed = factory.transcript(&ada.user, &ada.thread).await;
    assert_eq!(filed.len(), 1);
    assert_eq!(filed[0].answer, answer.text);
    assert_eq!(factory.live(), Live::default());
}

#[tokio::test(start_paused = true)]
async fn cleaning_up_closes_the_engines_of_one_user() {
    let factory = factory();
    let (adas, _) = engine_for(&factory, "ada").await.expect("the identity is valid");
    let (adas_second, _) = engine_for(&factory, "ada").await.expect("the limit is far");
    let (bens, _) = engine_for(&factory, "ben").await.expect("the identity is valid");
    factory.clean_up(&user("ada").user).await.expect("no tasks");
    assert_eq!(adas.run(secret_request("ada")).await, Err(RunError::Closed));
    assert_eq!(
        adas_second.run(secret_request("ada")).await,
        Err(RunError::Closed)
    );
    assert!(bens.run(secret_request("ben")).await.is_ok());
}

#[tokio::test(start_paused = true)]
async fn a_factory_that_is_shut_down_makes_no_engine_not_even_one_begun() {
    let factory = factory();
    let (adas, _) = engine_for(&factory, "ada").await.expect("the identity is valid");
    let mut begun = ByHand::new(engine_for(&factory, "ben"));
    assert!(begun.poll().is_none());
    assert_eq!(factory.live().engines, 2);
    factory.shutdown().await.expect("no tasks");
    assert!(matches!(begun.finish_alone(), Err(CreateError::ShutDown)));
    assert!(matches!(
        engine_for(&factory, "cleo").await,
        Err(CreateError::ShutDown)
    ));
    assert_eq!(adas.run(secret_request("ada")).await, Err(RunError::Closed));
    assert_eq!(factory.live(), Live::default());
}

#[tokio::test(start_paused = true)]
async fn metrics_count_what_happened() {
    let factory = factory();
    visit(&factory, "ada").await.expect("the model answers");
    let counts = factory.metrics();
    assert_eq!(
        (
            counts.engines_created,
            counts.engines_closed,
            counts.engines_refused
        ),
        (1, 1, 0)
    );
    assert_eq!(
        (counts.runs_answered, counts.runs_failed, counts.runs_cancelled),
        (1, 0, 0)
    );
    assert_eq!((counts.events_delivered, counts.deliveries_failed), (7, 0));
}
