//! What an earlier version kept, in `ssot-regressions/isolation/kept_before`, is read, run first, and does the same.

use std::sync::Mutex;
use std::time::Duration;

use proptest::collection::vec;
use ssot_harness::prelude::*;
use tokio::task::yield_now;

async fn remember(user: &User, last: &Mutex<String>) {
    *last.lock().unwrap() = user.secret("card");
    yield_now().await;
    let seen = last.lock().unwrap().clone();
    user.saw(Surface::Reply, &seen);
}

/// The failure is the one that was kept, found without a search, and it replays from its text.
#[track_caller]
fn assert_kept(failure: &Failure, text: &str) {
    assert_eq!(failure.replay_text(), Some(text), "{failure}");
    assert_eq!(failure.violations()[0].kind(), Kind::ContextLeak, "{failure}");
    assert!(!failure.is_nondeterministic(), "{failure}");
    assert_eq!(failure.executions(), 1, "{failure}");
    assert!(failure.to_string().contains("kept_before/"), "{failure}");
}

#[test]
fn a_schedule() {
    const TEXT: &str = "v1:one@1:1x2,t,1,3x2,1,2x2,t,2x2,3x2";
    let check = || {
        isolation(async || Mutex::new(String::new())).users(3, async |user: &User, last: &Mutex<String>| {
            remember(user, last).await;
            tokio::time::sleep(Duration::from_millis(5)).await;
            remember(user, last).await;
            Ok(())
        })
    };
    assert_kept(&check().check().unwrap_err(), TEXT);
    let replayed = check().without_regressions().replay(TEXT).check().unwrap_err();
    assert_eq!(replayed.replay_text(), Some(TEXT), "{replayed}");
}

#[test]
fn generated_inputs() {
    const TEXT: &str = r#"v1:one@28:1,3x2,1,2|{"actions":[[2],[0],[2]],"secrets":[]}"#;
    let check = || {
        isolation(async || Mutex::new(String::new())).generated(
            2..=3,
            |_: &User| vec(0..3_u8, 1..4),
            async |user: &User, last: &Mutex<String>, action: u8| {
                if action == 2 {
                    remember(user, last).await;
                } else {
                    user.saw(Surface::Event, &user.secret("card"));
                }
                Ok(())
            },
        )
    };
    assert_kept(&check().check().unwrap_err(), TEXT);
    let replayed = check().without_regressions().replay(TEXT).check().unwrap_err();
    assert_eq!(replayed.replay_text(), Some(TEXT), "{replayed}");
}
