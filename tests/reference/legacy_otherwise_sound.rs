//! But for its one fault, a legacy part serves its users as well as the reference does.

use std::sync::Arc;
use std::time::Duration;

use ssot_harness::events::{Event, EventKind};
use ssot_harness::reference::legacy::{
    AmbientIdentityFactory, AnswerCacheFactory, BlockingLockFactory, BroadcastFallbackFactory,
    CancelLeakFactory, CatchUpFactory, DefaultBucketFactory, GlobalPermitFactory, OrphanTaskFactory,
    PipelinedConnectionFactory, PooledEmitterFactory, PrimarySinkFactory, SessionSetterFactory,
    SharedGatewayFactory, SharedScratchFactory, SharedStateFactory, TakingTurnsFactory,
    TalkativeErrorFactory,
};
use ssot_harness::reference::{EngineFactory, Live, Model, ScriptedModel};

use crate::by_hand::{ByHand, engine_for, secret, secret_request, settle, user, visit};

const LATENCY: Duration = Duration::from_millis(20);

type Build = fn(Arc<dyn Model>) -> Box<dyn EngineFactory>;

const LEGACY: [(u8, Build); 18] = [
    (1, |model| Box::new(SharedStateFactory::new(model))),
    (3, |model| Box::new(DefaultBucketFactory::new(model))),
    (6, |model| Box::new(PooledEmitterFactory::new(model))),
    (9, |model| Box::new(PrimarySinkFactory::new(model))),
    (10, |model| Box::new(SessionSetterFactory::new(model))),
    (12, |model| Box::new(BroadcastFallbackFactory::new(model))),
    (19, |model| Box::new(CatchUpFactory::new(model))),
    (30, |model| Box::new(SharedGatewayFactory::new(model))),
    (32, |model| Box::new(OrphanTaskFactory::new(model))),
    (33, |model| Box::new(CancelLeakFactory::new(model))),
    (38, |model| Box::new(GlobalPermitFactory::new(model, LATENCY))),
    (39, |model| Box::new(BlockingLockFactory::new(model))),
    (40, |model| Box::new(AnswerCacheFactory::new(model))),
    (44, |model| Box::new(TalkativeErrorFactory::new(model))),
    (49, |model| Box::new(AmbientIdentityFactory::new(model))),
    (50, |_| Box::new(PipelinedConnectionFactory::new(LATENCY))),
    (51, |model| Box::new(TakingTurnsFactory::new(model))),
    (52, |model| Box::new(SharedScratchFactory::new(model))),
];

fn every_factory() -> impl Iterator<Item = (u8, Box<dyn EngineFactory>)> {
    LEGACY
        .into_iter()
        .map(|(row, build)| (row, build(Arc::new(ScriptedModel::new(LATENCY)))))
}

#[tokio::test(start_paused = true)]
async fn a_user_alone_is_served_well() {
    for (row, factory) in every_factory() {
        let (answer, mailbox) = visit(&*factory, "ada").await.expect("the model answers");
        settle().await;
        let events = mailbox.events();
        assert!(answer.text.contains(&secret("ada")), "row {row}: {}", answer.text);
        assert!(
            events
                .iter()
                .all(|event| *event == Event::new(&user("ada"), event.payload.clone())),
            "row {row}"
        );
        assert_eq!(
            events.first().map(Event::kind),
            Some(EventKind::AgentStarted),
            "row {row}"
        );
        assert_eq!(
            events.last().map(Event::kind),
            Some(EventKind::AgentCompleted),
            "row {row}"
        );
        assert_eq!(factory.live(), Live::default(), "row {row}");
    }
}

#[tokio::test(start_paused = true)]
async fn a_closed_engine_runs_nothing() {
    for (row, factory) in every_factory() {
        let (engine, mailbox) = engine_for(&*factory, "ada").await.expect("the identity is valid");
        factory
            .clean_up(&user("ada").user)
            .await
            .expect("there are no tasks");
        assert!(engine.run(secret_request("ada")).await.is_err(), "row {row}");
        assert_eq!(mailbox.events(), [], "row {row}");
    }
}

#[tokio::test(start_paused = true)]
async fn a_visit_dropped_after_any_number_of_polls_leaves_nothing() {
    for polls in 0..30 {
        for (row, factory) in every_factory() {
            let mut visiting = ByHand::new(visit(&*factory, "ada"));
            // Whether it was over by then makes no difference here.
            drop(visiting.poll_times(polls).await);
            drop(visiting);
            settle().await;
            assert_eq!(
                factory.live(),
                Live::default(),
                "row {row}, dropped after {polls} polls"
            );
        }
    }
}
