//! Timers that one sets and another waits for.

use std::sync::Arc;
use std::time::Duration;

use ssot_harness::interleave::RuntimeTopology;
use ssot_harness::prelude::*;
use tokio::time::{Instant, Interval, interval, sleep};

/// A timer stands where it was made, and a local task's on the first runtime: both may be set long after anybody there was polled.
#[test]
fn a_timer_that_is_set_from_elsewhere_is_not_late() {
    const WAIT: Duration = Duration::from_millis(100);
    let late = |waited: Duration| waited > WAIT + Duration::from_millis(3);
    for layout in RuntimeTopology::ALL {
        for is_local in [false, true] {
            let report = isolation(async || Arc::new(tokio::sync::Mutex::new(interval(WAIT))))
                .users(
                    2,
                    async move |user: &User, shared: &Arc<tokio::sync::Mutex<Interval>>| {
                        if user.index() == 0 {
                            sleep(Duration::from_secs(60)).await;
                        } else {
                            let shared = Arc::clone(shared);
                            let task = async move {
                                sleep(Duration::from_secs(30)).await;
                                let mut shared = shared.lock().await;
                                let begun = Instant::now();
                                if is_local {
                                    sleep(WAIT).await;
                                } else {
                                    shared.reset();
                                    shared.tick().await;
                                }
                                begun.elapsed()
                            };
                            let waited = if is_local {
                                tokio::task::spawn_local(task).await?
                            } else {
                                tokio::spawn(task).await?
                            };
                            assert!(!late(waited), "{waited:?} in {layout}");
                        }
                        user.saw(Surface::Reply, &user.secret("card"));
                        Ok(())
                    },
                )
                .layout(layout)
                .cancellations(0)
                .lateness(Duration::ZERO)
                .executions(20)
                .without_regressions()
                .check();
            report.unwrap_or_else(|failure| panic!("{layout}, local: {is_local}: {failure}"));
        }
    }
}
