use std::future::poll_fn;
use std::task::Poll;
use std::time::{Duration, Instant};

use super::ready_set::ReadySet;
use super::stepped_runtime::SteppedRuntime;

/// How long to go on listening once one actor has been woken, so that several are and the schedule has a choice.
const SETTLE: Duration = Duration::from_micros(300);

/// Lets a runtime in real time take a turn: its tasks run, its sockets are looked at.
pub(crate) fn turn(runtime: &SteppedRuntime) {
    let mut polled = false;
    runtime.inner().block_on(poll_fn(|cx| {
        if polled {
            return Poll::Ready(());
        }
        polled = true;
        cx.waker().wake_by_ref();
        Poll::Pending
    }));
}

/// Waits until an actor is woken, and a little longer. False where `patience` was not enough.
pub(crate) fn wait(
    runtime: &SteppedRuntime,
    wakes: &ReadySet,
    unfinished: &[u64],
    patience: Duration,
) -> bool {
    turn(runtime);
    if !wakes.any(unfinished) {
        let woken = runtime.inner().block_on(async {
            let woken = poll_fn(|cx| {
                wakes.sleep(cx.waker());
                if wakes.any(unfinished) {
                    Poll::Ready(())
                } else {
                    Poll::Pending
                }
            });
            tokio::time::timeout(patience, woken).await
        });
        wakes.awake();
        if woken.is_err() {
            return false;
        }
        let settled = Instant::now() + SETTLE;
        while Instant::now() < settled {
            turn(runtime);
        }
    }
    true
}
