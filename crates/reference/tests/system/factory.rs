//! The factory closes what is not used, also when work fails or is dropped.

use std::sync::Arc;
use std::time::Duration;

use ssot_reference::{
    Config, CreateError, EngineFactory, ExecutionEngine, Live, Mailbox, RunError, ScopeError,
};

use crate::clients::{engine, factory, ids, request};

const MINUTE: Duration = Duration::from_secs(60);

#[tokio::test(start_paused = true)]
async fn a_scope_closes_its_engine_when_work_succeeds_fails_or_is_dropped() {
    let factory = factory(Config::default(), Duration::from_secs(1));
    let sink = || Arc::new(Mailbox::default());
    let worked = factory.with_engine(ids("ada"), sink(), async |engine| engine.run(request()).await);
    assert!(worked.await.expect("it was created").is_ok());
    let failed = factory.with_engine(ids("ada"), sink(), async |_| Err::<(), _>("no"));
    assert_eq!(failed.await, Ok(Err("no")));
    assert_eq!(factory.metrics().engines_closed, 2);
    let dropped = factory.with_engine(ids("ada"), sink(), async |engine| engine.run(request()).await);
    tokio::time::timeout(Duration::from_millis(10), dropped)
        .await
        .expect_err("the model takes longer");
    assert_eq!(factory.live(), Live::default());
    let refused = factory.with_engine(ids("unknown"), sink(), async |_| ());
    assert!(matches!(
        refused.await,
        Err(ScopeError::Create(CreateError::InvalidIdentity(_)))
    ));
}

#[tokio::test(start_paused = true)]
async fn a_sweep_closes_idle_engines_and_no_other() {
    let config = Config {
        idle_after: 10 * MINUTE,
        call_timeout: 60 * MINUTE,
        ..Config::default()
    };
    let factory = factory(config, 20 * MINUTE);
    let (idle, _) = engine(&factory, "ada").await;
    let (busy, _) = engine(&factory, "ben").await;
    let running = tokio::spawn({
        let busy = Arc::clone(&busy);
        async move { busy.run(request()).await }
    });
    tokio::time::sleep(9 * MINUTE).await;
    assert_eq!(factory.sweep_idle().await, Ok(0));
    tokio::time::sleep(2 * MINUTE).await;
    assert_eq!(factory.sweep_idle().await, Ok(1));
    assert_eq!(idle.run(request()).await, Err(RunError::Closed));
    assert!(
        running.await.expect("no panic").is_ok(),
        "a run is not swept away"
    );
    assert_eq!(factory.sweep_idle().await, Ok(0), "it has just been used");
    tokio::time::sleep(11 * MINUTE).await;
    assert_eq!(factory.sweep_idle().await, Ok(1));
    let counts = factory.metrics();
    assert_eq!((counts.engines_swept, counts.engines_closed), (2, 2));
    assert_eq!(factory.live(), Live::default());
}

#[tokio::test(start_paused = true)]
async fn a_limit_of_nothing_says_what_to_set() {
    let config = Config {
        engines_per_user: 0,
        ..Config::default()
    };
    let refused = factory(config, MINUTE)
        .create(ids("ada"), Arc::new(Mailbox::default()))
        .await;
    assert_eq!(
        refused.map(drop).map_err(|error| error.to_string()),
        Err("nobody may have an engine, as `engines_per_user` is 0; set it to 1 or more".to_owned())
    );
}
