//! From the login to the answer.

use std::sync::Arc;

use ssot_reference::platform::{LoginError, Platform, PlatformError, Session};
use ssot_reference::workflow::UserSettings;
use ssot_reference::{Config, EngineFactory, Live};

use crate::clients::Client;

async fn log_in(platform: &Platform, user: &str) -> (Session, Arc<Client>) {
    platform
        .logins()
        .sign_up(user.into(), "a password")
        .expect("it is free");
    let session = platform
        .logins()
        .log_in(&user.into(), "a password")
        .await
        .expect("the password is right");
    let client = Arc::new(Client::default());
    platform
        .connect(&session, client.clone(), 0)
        .await
        .expect("the client listens");
    (session, client)
}

#[tokio::test(start_paused = true)]
async fn users_at_once_get_their_own_answers_and_events() {
    let platform = Platform::new(Config::default());
    let mut users = Vec::new();
    for name in ["ada", "ben", "cleo"] {
        users.push(log_in(&platform, name).await);
    }
    let asks = users
        .iter()
        .map(|(session, _)| platform.ask(session, "thread-1", "what do I owe?"));
    let [first, second, third]: [_; 3] = asks.collect::<Vec<_>>().try_into().ok().expect("there are three");
    let (a, b, c) = tokio::join!(first, second, third);
    for ((session, client), answer) in users.iter().zip([a, b, c]) {
        let answer = answer.expect("the model answers");
        assert!(
            answer.contains(&format!("the account of {}", session.user())),
            "{answer}"
        );
        let frames = client.frames();
        assert_eq!(frames.len(), 21);
        assert!(frames.iter().all(|frame| frame.event.user_id == *session.user()));
        assert!(frames.iter().map(|frame| frame.number).eq(1..=21));
        platform
            .log_out(session)
            .await
            .expect("every event was acknowledged");
    }
    assert_eq!(platform.factory().live(), Live::default());
    assert_eq!(platform.registry().sessions(), 0);
    platform.shutdown().await.expect("no engine is open");
}

#[tokio::test(start_paused = true)]
async fn who_is_not_logged_in_is_refused() {
    let platform = Platform::new(Config::default());
    let logins = platform.logins();
    assert!(matches!(
        logins.sign_up("default".into(), "x"),
        Err(LoginError::Invalid(_))
    ));
    let (session, _) = log_in(&platform, "ada").await;
    assert_eq!(logins.sign_up("ada".into(), "another"), Err(LoginError::Taken));
    assert_eq!(
        logins.log_in(&"ada".into(), "wrong").await,
        Err(LoginError::Refused)
    );
    assert_eq!(
        logins.log_in(&"ben".into(), "a password").await,
        Err(LoginError::Refused)
    );
    platform.log_out(&session).await.expect("nothing is pending");
    let refused = platform.ask(&session, "thread-1", "hello?").await;
    assert_eq!(refused, Err(PlatformError::Login(LoginError::LoggedOut)));
    assert!(platform.log_out(&session).await.is_err());
}

#[tokio::test(start_paused = true)]
async fn a_client_that_comes_back_gets_what_it_missed() {
    let platform = Platform::new(Config::default());
    let (session, first) = log_in(&platform, "ada").await;
    platform
        .ask(&session, "thread-1", "one")
        .await
        .expect("the model answers");
    let last = first.frames().last().expect("it got events").number;
    let second = Arc::new(Client::default());
    platform
        .connect(&session, second.clone(), last)
        .await
        .expect("it listens");
    platform
        .ask(&session, "thread-1", "two")
        .await
        .expect("the model answers");
    assert_eq!(second.frames()[0].number, last + 1);
    assert_eq!(first.frames().last().map(|frame| frame.number), Some(last));
}

#[tokio::test(start_paused = true)]
async fn a_second_session_outlives_the_first() {
    let platform = Platform::new(Config::default());
    let (first, _) = log_in(&platform, "ada").await;
    platform
        .logins()
        .log_in(&"ada".into(), "a password")
        .await
        .expect("a second session");
    platform.registry().update_all("v2").await;
    platform.log_out(&first).await.expect("nothing is pending");
    assert_eq!(platform.registry().value(&"ada".into()).as_deref(), Some("v2"));
}

/// The session ends between the check and the channel, where the registry is asked.
#[tokio::test(start_paused = true)]
async fn a_session_that_ends_while_it_connects_leaves_nothing() {
    let platform = Platform::new(Config::default());
    let (first, _) = log_in(&platform, "ada").await;
    assert_eq!(platform.log_out(&first).await, Ok(()));
    let logins = platform.logins();
    let session = logins
        .log_in(&"ada".into(), "a password")
        .await
        .expect("the password is right");
    let client = Arc::new(Client::default());
    let (connected, ended) = tokio::join!(
        platform.connect(&session, client.clone(), 0),
        platform.log_out(&session)
    );
    assert_eq!(ended, Ok(()));
    assert_eq!(connected, Err(PlatformError::Login(LoginError::LoggedOut)));
    assert_eq!(platform.registry().sessions(), 0);
}
