//! Limits and timeouts hold for a user, an engine or a call, and end in errors that say so.

use std::future::pending;
use std::sync::Arc;
use std::time::Duration;

use async_trait::async_trait;
use ssot_harness::reference::events::{Event, EventKind, EventPayload, Outcome};
use ssot_harness::reference::{
    Config, CreateError, DeliveryError, EngineFactory, EventSink, ExecutionEngineFactory, Live, Model,
    ModelError, Prompt, RunError, ScriptedModel, SinkClosed,
};

use crate::by_hand::{ByHand, engine_for, secret_request, settle, user};

fn slow_factory(config: Config) -> ExecutionEngineFactory {
    ExecutionEngineFactory::with_model(config, Arc::new(ScriptedModel::new(Duration::from_secs(5))))
}

#[tokio::test(start_paused = true)]
async fn the_limit_of_engines_is_each_users_own() {
    let factory = ExecutionEngineFactory::new(Config {
        engines_per_user: 2,
        ..Config::default()
    });
    let (first, _) = engine_for(&factory, "ada").await.expect("ada has none");
    let (second, _) = engine_for(&factory, "ada").await.expect("ada has one");
    let refused = engine_for(&factory, "ada").await.expect_err("ada has two");
    assert_eq!(refused, CreateError::LimitReached { limit: 2 });
    let (_bens, _) = engine_for(&factory, "ben").await.expect("ben has none");
    first.close().await.expect("it has no tasks");
    let (third, _) = engine_for(&factory, "ada").await.expect("ada closed one");
    drop(second);
    let (_fourth, _) = engine_for(&factory, "ada").await.expect("ada dropped one");
    drop(third);
    assert_eq!(
        factory.live(),
        Live {
            engines: 2,
            sinks: 2,
            ..Live::default()
        }
    );
}

#[tokio::test(start_paused = true)]
async fn two_creations_at_once_cannot_pass_the_limit() {
    let factory = ExecutionEngineFactory::new(Config {
        engines_per_user: 1,
        ..Config::default()
    });
    let mut first = ByHand::new(engine_for(&factory, "ada"));
    let mut second = ByHand::new(engine_for(&factory, "ada"));
    assert!(first.poll().is_none());
    let refused = second
        .poll()
        .expect("refused at once")
        .expect_err("the first has the place");
    assert_eq!(refused, CreateError::LimitReached { limit: 1 });
    assert!(first.finish_alone().is_ok());
}

#[tokio::test(start_paused = true)]
async fn a_call_that_takes_too_long_ends_and_says_nothing_more() {
    let limit = Duration::from_secs(2);
    let factory = slow_factory(Config {
        call_timeout: limit,
        ..Config::default()
    });
    let (engine, mailbox) = engine_for(&factory, "ada").await.expect("the identity is valid");
    let failed = engine
        .run(secret_request("ada"))
        .await
        .expect_err("the model needs 5 s");
    assert_eq!(failed, RunError::TimedOut { limit });
    let events = mailbox.events();
    let outcome = Outcome::Error("no answer within 2000 ms; ask for less at once".to_owned());
    assert_eq!(
        events.last().map(|event| event.payload.clone()),
        Some(EventPayload::AgentCompleted { outcome })
    );
    assert_eq!(
        factory.live(),
        Live {
            engines: 1,
            sinks: 1,
            ..Live::default()
        }
    );
    for _ in 0..100 {
        settle().await;
    }
    assert_eq!(mailbox.events(), events);
    assert_eq!(factory.metrics().runs_failed, 1);
}

#[tokio::test(start_paused = true)]
async fn a_call_waits_its_turn_for_so_long_only() {
    let patience = Duration::from_secs(1);
    let factory = slow_factory(Config {
        queue_timeout: patience,
        ..Config::default()
    });
    let (engine, mailbox) = engine_for(&factory, "ada").await.expect("the identity is valid");
    let (first, second) =
        tokio::join!(biased; engine.run(secret_request("ada")), engine.run(secret_request("ada")));
    assert!(first.is_ok());
    assert_eq!(second, Err(RunError::Busy { patience }));
    assert_eq!(mailbox.events().len(), 7);
}

#[tokio::test(start_paused = true)]
async fn one_users_slow_call_costs_nobody_else_a_turn() {
    let patience = Duration::from_secs(1);
    let factory = slow_factory(Config {
        queue_timeout: patience,
        ..Config::default()
    });
    let (ada, _) = engine_for(&factory, "ada").await.expect("the identity is valid");
    let (ben, _) = engine_for(&factory, "ben").await.expect("the identity is valid");
    let (adas, bens) = tokio::join!(biased; ada.run(secret_request("ada")), ben.run(secret_request("ben")));
    assert!(adas.is_ok() && bens.is_ok());
}

#[derive(Debug)]
struct Stalled;

#[async_trait]
impl EventSink for Stalled {
    async fn deliver(&self, _event: &Event) -> Result<(), SinkClosed> {
        pending().await
    }
}

#[tokio::test(start_paused = true)]
async fn a_sink_that_stalls_fails_the_run() {
    let limit = Duration::from_secs(3);
    let factory = ExecutionEngineFactory::new(Config {
        delivery_timeout: limit,
        ..Config::default()
    });
    let engine = factory
        .create_for_user(user("ada"), Arc::new(Stalled))
        .await
        .expect("the identity is valid");
    let failed = engine
        .run(secret_request("ada"))
        .await
        .expect_err("the sink stalls");
    assert_eq!(failed, RunError::Delivery(DeliveryError::Stalled { limit }));
    assert_eq!(factory.metrics().deliveries_failed, 1);
}

#[derive(Debug)]
struct ClosesAt(EventKind);

#[async_trait]
impl EventSink for ClosesAt {
    async fn deliver(&self, event: &Event) -> Result<(), SinkClosed> {
        if event.kind() == self.0 {
            Err(SinkClosed)
        } else {
            Ok(())
        }
    }
}

#[tokio::test(start_paused = true)]
async fn a_delivery_that_fails_fails_the_run_whatever_the_event() {
    for kind in EventKind::ALL {
        let factory = ExecutionEngineFactory::new(Config::default());
        let engine = factory
            .create_for_user(user("ada"), Arc::new(ClosesAt(kind)))
            .await
            .expect("the identity is valid");
        let failed = engine
            .run(secret_request("ada"))
            .await
            .expect_err("the sink closes");
        assert_eq!(
            failed,
            RunError::Delivery(DeliveryError::Closed(SinkClosed)),
            "{kind}"
        );
        assert_eq!(factory.metrics().deliveries_failed, 1, "{kind}");
    }
}

#[derive(Debug)]
struct Mute;

#[async_trait]
impl Model for Mute {
    async fn complete(&self, _prompt: Prompt<'_>) -> Result<String, ModelError> {
        Err(ModelError::new("no model is loaded"))
    }
}

#[tokio::test(start_paused = true)]
async fn a_failed_run_is_announced_as_failed() {
    let factory = ExecutionEngineFactory::with_model(Config::default(), Arc::new(Mute));
    let (engine, mailbox) = engine_for(&factory, "ada").await.expect("the identity is valid");
    let failed = engine
        .run(secret_request("ada"))
        .await
        .expect_err("the model fails");
    assert_eq!(failed, RunError::Model(ModelError::new("no model is loaded")));
    let outcome = Outcome::Error("the model gave no answer".to_owned());
    let last = mailbox.events().pop().map(|event| event.payload);
    assert_eq!(last, Some(EventPayload::AgentCompleted { outcome }));
}
