//! But for its one fault, a legacy part serves its users as well as the reference does.

use ssot_harness::reference::events::{Event, EventKind};
use ssot_harness::reference::legacy::Legacy;
use ssot_harness::reference::{EngineFactory, Live};

use crate::by_hand::{ByHand, engine_for, secret, secret_request, settle, user, visit};

fn every_factory() -> impl Iterator<Item = (Legacy, Box<dyn EngineFactory>)> {
    Legacy::ALL.iter().map(|&legacy| (legacy, legacy.factory()))
}

#[tokio::test(start_paused = true)]
async fn a_user_alone_is_served_well() {
    for (legacy, factory) in every_factory() {
        let (answer, mailbox) = visit(&*factory, "ada").await.expect("the model answers");
        settle().await;
        let events = mailbox.events();
        assert!(answer.text.contains(&secret("ada")), "{legacy}: {}", answer.text);
        assert!(
            events
                .iter()
                .all(|event| *event == Event::new(&user("ada"), event.payload.clone())),
            "{legacy}"
        );
        assert_eq!(
            events.first().map(Event::kind),
            Some(EventKind::AgentStarted),
            "{legacy}"
        );
        assert_eq!(
            events.last().map(Event::kind),
            Some(EventKind::AgentCompleted),
            "{legacy}"
        );
        assert_eq!(factory.live(), Live::default(), "{legacy}");
    }
}

#[tokio::test(start_paused = true)]
async fn a_closed_engine_runs_nothing() {
    for (legacy, factory) in every_factory() {
        let (engine, mailbox) = engine_for(&*factory, "ada").await.expect("the identity is valid");
        factory
            .clean_up(&user("ada").user)
            .await
            .expect("there are no tasks");
        assert!(engine.run(secret_request("ada")).await.is_err(), "{legacy}");
        assert_eq!(mailbox.events(), [], "{legacy}");
    }
}

#[tokio::test(start_paused = true)]
async fn a_visit_dropped_after_any_number_of_polls_leaves_nothing() {
    for polls in 0..30 {
        for (legacy, factory) in every_factory() {
            let mut visiting = ByHand::new(visit(&*factory, "ada"));
            // Whether it was over by then makes no difference here.
            drop(visiting.poll_times(polls).await);
            drop(visiting);
            settle().await;
            assert_eq!(
                factory.live(),
                Live::default(),
                "{legacy}, dropped after {polls} polls"
            );
        }
    }
}
