//! The faults that need one order of steps, brought about by hand; without it, the same users see nothing.

use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Barrier};
use std::thread;
use std::time::Duration;

use ssot_harness::reference::RunId;
use ssot_harness::reference::events::Event;
use ssot_harness::reference::legacy::{
    AmbientIdentityFactory, BlockingLockFactory, CancelLeakFactory, GlobalPermitFactory, OrphanTaskFactory,
    PipelinedConnectionFactory, PooledEmitterFactory, SharedGatewayFactory, SharedScratchFactory,
};
use ssot_harness::reference::{EngineFactory, Live, Model, RunError, ScriptedModel};

use crate::by_hand::{ByHand, engine_for, secret, secret_request, settle, visit};

const LATENCY: Duration = Duration::from_millis(20);

fn model() -> Arc<dyn Model> {
    Arc::new(ScriptedModel::new(LATENCY))
}

fn runs(events: &[Event]) -> Vec<RunId> {
    events.iter().map(|event| event.run_id.clone()).collect()
}

/// Two users one after another get what they get alone, and leave nothing.
async fn assert_silent_one_after_another(fresh: impl Fn() -> Box<dyn EngineFactory>) {
    let together = fresh();
    for name in ["ada", "ben"] {
        let (alone, alone_mailbox) = visit(&*fresh(), name).await.expect("the model answers");
        let (answer, mailbox) = visit(&*together, name).await.expect("the model answers");
        assert_eq!((answer, mailbox.events()), (alone, alone_mailbox.events()));
    }
    settle().await;
    assert_eq!(together.live(), Live::default());
}

#[tokio::test(start_paused = true)]
async fn row_06_context_overwritten_between_two_events_of_a_run() {
    assert_silent_one_after_another(|| Box::new(PooledEmitterFactory::new(model()))).await;
    let factory = PooledEmitterFactory::new(model());
    let (ada, mailbox) = engine_for(&factory, "ada").await.expect("the identity is valid");
    let (ben, _) = engine_for(&factory, "ben").await.expect("the identity is valid");
    let mut adas = ByHand::new(ada.run(secret_request("ada")));
    assert!(adas.poll_times(2).await.is_none(), "she waits for the model");
    assert!(ByHand::new(ben.run(secret_request("ben"))).poll().is_none());
    assert!(adas.poll_times(100).await.is_some());
    assert_eq!(runs(&mailbox.events()), ["run-ada".into(), "run-ben".into()]);
}

#[tokio::test(start_paused = true)]
async fn row_30_cross_teardown_fails_who_has_not_asked_yet() {
    assert_silent_one_after_another(|| Box::new(SharedGatewayFactory::new(model()))).await;
    let factory = SharedGatewayFactory::new(model());
    let (bens, _) = engine_for(&factory, "ben").await.expect("the identity is valid");
    visit(&factory, "ada").await.expect("the model answers");
    assert!(matches!(
        bens.run(secret_request("ben")).await,
        Err(RunError::Model(_))
    ));
}

#[tokio::test(start_paused = true)]
async fn row_32_orphan_task_begins_to_listen_when_the_run_is_over() {
    assert_silent_one_after_another(|| Box::new(OrphanTaskFactory::new(model()))).await;
    let factory = OrphanTaskFactory::new(model());
    let mut visiting = ByHand::new(visit(&factory, "ada"));
    assert!(visiting.poll_times(3).await.is_none(), "she waits for the model");
    // From here on the scribe, which is spawned now, does not get to run before she has left.
    assert!(visiting.finish_alone().is_ok());
    drop(visiting);
    for _ in 0..100 {
        tokio::task::yield_now().await;
    }
    assert_eq!(
        factory.live(),
        Live {
            tasks: 1,
            ..Live::default()
        }
    );
}

#[tokio::test(start_paused = true)]
async fn row_33_cancel_leak_of_a_call_dropped_in_the_queue() {
    let factory = CancelLeakFactory::new(model());
    let (engine, _) = engine_for(&factory, "ada").await.expect("the identity is valid");
    let mut running = ByHand::new(engine.run(secret_request("ada")));
    assert!(running.poll().is_none());
    assert!(
        ByHand::new(engine.run(secret_request("ada"))).poll().is_none(),
        "dropped in the queue"
    );
    assert!(running.poll_times(100).await.is_some_and(|answer| answer.is_ok()));
    drop(running);
    drop(engine);
    assert_eq!(
        factory.live(),
        Live {
            runs: 1,
            ..Live::default()
        }
    );
}

#[tokio::test(start_paused = true)]
async fn row_38_starvation_by_another_users_slow_call() {
    let patience = LATENCY / 2;
    assert_silent_one_after_another(|| Box::new(GlobalPermitFactory::new(model(), LATENCY / 2))).await;
    let factory = GlobalPermitFactory::new(model(), patience);
    let (first, second) = tokio::join!(biased; visit(&factory, "ada"), visit(&factory, "ben"));
    assert!(first.is_ok());
    assert_eq!(second.err(), Some(RunError::Busy { patience }));
}

#[test]
fn row_39_lock_across_await_blocks_the_thread_that_would_free_it() {
    let runtime = tokio::runtime::Builder::new_current_thread()
        .enable_time()
        .start_paused(true)
        .build()
        .expect("a runtime without input and output needs nothing");
    let handle = runtime.handle().clone();
    let factory = Arc::new(BlockingLockFactory::new(model()));
    runtime.block_on(assert_silent_one_after_another(|| {
        Box::new(BlockingLockFactory::new(model()))
    }));
    let (ada, ben) = runtime.block_on(async {
        let ada = engine_for(&*factory, "ada")
            .await
            .expect("the identity is valid")
            .0;
        (
            ada,
            engine_for(&*factory, "ben")
                .await
                .expect("the identity is valid")
                .0,
        )
    });
    let _entered = handle.enter();
    let mut adas = ByHand::new(ada.run(secret_request("ada")));
    assert!(adas.poll().is_none(), "she waits for her sink");
    assert!(
        adas.poll().is_none(),
        "she waits for the model, and holds the lock"
    );
    assert_eq!(factory.live().permits, 1);
    let blocked = thread::spawn({
        let handle = handle.clone();
        move || {
            let _entered = handle.enter();
            let mut bens = ByHand::new(ben.run(secret_request("ben")));
            assert!(bens.poll().is_none(), "he waits for his sink");
            assert!(
                bens.poll().is_none(),
                "he has got the lock, and waits for the model"
            );
        }
    });
    // Ben's thread is inside of his second poll when he is counted as waiting.
    let waits = (0..10_000_000).any(|_| {
        thread::yield_now();
        factory.live().runs == 2
    });
    assert!(
        waits && !blocked.is_finished(),
        "ben's poll returned though ada holds the lock"
    );
    drop(adas);
    blocked
        .join()
        .expect("ben's poll returns once ada's call is dropped");
}

#[tokio::test(start_paused = true)]
async fn row_49_ambient_identity_is_whoever_began_last() {
    assert_silent_one_after_another(|| Box::new(AmbientIdentityFactory::new(model()))).await;
    let factory = AmbientIdentityFactory::new(model());
    let (ada, _) = engine_for(&factory, "ada").await.expect("the identity is valid");
    let (ben, _) = engine_for(&factory, "ben").await.expect("the identity is valid");
    let mut adas = ByHand::new(ada.run(secret_request("ada")));
    assert!(adas.poll().is_none(), "she has begun");
    assert!(
        ByHand::new(ben.run(secret_request("ben"))).poll().is_none(),
        "he has begun"
    );
    let answer = adas
        .poll_times(100)
        .await
        .expect("done")
        .expect("the model answers");
    assert!(answer.text.contains("the account of ben"), "{}", answer.text);
}

#[tokio::test(start_paused = true)]
async fn row_50_answer_shift_after_a_dropped_call() {
    assert_silent_one_after_another(|| Box::new(PipelinedConnectionFactory::new(LATENCY))).await;
    let factory = PipelinedConnectionFactory::new(LATENCY);
    let (a, b) = tokio::join!(visit(&factory, "ada"), visit(&factory, "ben"));
    assert!(a.is_ok_and(|(answer, _)| answer.text.contains(&secret("ada"))));
    assert!(b.is_ok_and(|(answer, _)| answer.text.contains(&secret("ben"))));
    let (ada, mailbox) = engine_for(&factory, "ada").await.expect("the identity is valid");
    let mut dropped = ByHand::new(ada.run(secret_request("ada")));
    while mailbox.events().len() < 6 {
        assert!(dropped.poll_times(1).await.is_none());
    }
    // Her last event before the answer was delivered in the same poll in which her prompt was written.
    drop(dropped);
    let (bens, _) = visit(&factory, "ben")
        .await
        .expect("an answer is there to be read");
    assert!(bens.text.contains(&secret("ada")), "{}", bens.text);
}

#[test]
fn row_52_parallel_only_shows_between_two_threads() {
    let factory = SharedScratchFactory::new(Arc::new(ScriptedModel::new(Duration::ZERO)));
    let (both_begin, crossed) = (Barrier::new(2), AtomicBool::new(false));
    let run = |name: &str, other: &str| {
        let runtime = tokio::runtime::Builder::new_current_thread()
            .enable_time()
            .start_paused(true)
            .build()
            .expect("a runtime without input and output needs nothing");
        for _ in 0..100_000 {
            both_begin.wait();
            if crossed.load(Ordering::SeqCst) {
                return;
            }
            let (answer, _) = runtime
                .block_on(visit(&factory, name))
                .expect("the model answers");
            both_begin.wait();
            if answer.text.contains(&secret(other)) {
                crossed.store(true, Ordering::SeqCst);
            }
        }
    };
    thread::scope(|scope| {
        scope.spawn(|| run("ada", "ben"));
        scope.spawn(|| run("ben", "ada"));
    });
    assert!(
        crossed.into_inner(),
        "no answer went to the other user in 100,000 pairs of runs"
    );
}
