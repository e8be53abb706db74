//! Waiting for what comes in the end.

use std::future;
use std::time::Duration;

use ssot_harness::prelude::*;

const WITHIN: Duration = Duration::from_secs(30);

#[ssot_harness::test(start_paused = true)]
async fn what_holds_in_the_end_is_given_back(case: &Case) -> CaseResult {
    let mut asked = 0;
    let held = case.eventually(WITHIN, async || {
        asked += 1;
        if asked == 5 { Ok("five") } else { Err(asked) }
    });
    assert_eq!(held.await?, "five");
    assert_eq!(asked, 5);
    case.eventually(WITHIN, async || true).await?;
    assert_eq!(case.eventually(WITHIN, async || Some(3)).await?, 3);
    Ok(())
}

#[ssot_harness::test(start_paused = true)]
async fn what_never_holds_says_why_it_did_not_at_last(case: &Case) {
    let mut left = 100;
    let error = case
        .eventually(Duration::from_millis(20), async || {
            left -= 1;
            Err::<(), _>(format!("{left} jobs are left"))
        })
        .await
        .unwrap_err();
    assert_eq!(error.reason(), "95 jobs are left");
    assert_eq!(
        error.to_string(),
        "it did not hold within 20ms, in 5 attempts: 95 jobs are left"
    );
    assert!(case.clock().elapsed() < Duration::from_millis(25));
}

#[ssot_harness::test(start_paused = true)]
async fn an_attempt_that_does_not_end_is_not_waited_for(case: &Case) {
    let never = case
        .eventually(WITHIN, async || future::pending::<bool>().await)
        .await
        .unwrap_err();
    assert_eq!(
        never.to_string(),
        "it did not hold within 30s, in 1 attempt: the first attempt did not end"
    );
    let mut first = true;
    let then_never = case.eventually(WITHIN, async || {
        if std::mem::take(&mut first) {
            None
        } else {
            future::pending::<Option<()>>().await
        }
    });
    let then_never = then_never.await.unwrap_err();
    assert_eq!(
        then_never.reason(),
        "it is None (before the last attempt, which did not end)"
    );
    assert_eq!(then_never.attempts(), 2);
}
