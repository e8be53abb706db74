//! The clock that a test and its system share.

use std::time::Duration;

use ssot_harness::case::ClockError;
use ssot_harness::prelude::*;

const DAY: Duration = Duration::from_secs(86_400);

#[ssot_harness::test(start_paused = true)]
async fn a_paused_clock_goes_where_it_is_told(case: &Case) -> CaseResult {
    let clock = case.clock();
    assert!(clock.is_paused());
    let before = clock.now();
    clock.advance(DAY).await?;
    assert_eq!(clock.now() - before, DAY);
    assert!(
        clock.elapsed() >= DAY && clock.elapsed() < DAY + Duration::from_secs(1),
        "{:?}",
        clock.elapsed()
    );
    tokio::time::sleep(DAY).await;
    assert!(clock.elapsed() >= DAY * 2, "{:?}", clock.elapsed());
    Ok(())
}

#[ssot_harness::test]
async fn a_clock_can_be_paused_and_resumed(case: &Case) -> CaseResult {
    let clock = case.clock();
    assert_eq!(clock.advance(DAY).await, Err(ClockError::Running));
    clock.pause()?;
    clock.pause()?;
    clock.advance(DAY).await?;
    clock.resume();
    clock.resume();
    assert_eq!(clock.advance(DAY).await, Err(ClockError::Running));
    assert!(clock.elapsed() >= DAY && clock.elapsed() < DAY * 2);
    Ok(())
}

#[ssot_harness::test(flavor = "multi_thread", worker_threads = 1)]
async fn the_clock_of_several_threads_cannot_stand_still(case: &Case) {
    assert_eq!(case.clock().pause(), Err(ClockError::ManyThreads));
}

/// The limit is real time, however far the clock goes.
#[ssot_harness::test(start_paused = true, timeout = "20s")]
async fn a_paused_clock_does_not_use_up_the_timeout(case: &Case) {
    tokio::time::sleep(DAY).await;
    assert!(case.report().elapsed() < DAY);
}
