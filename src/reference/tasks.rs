use std::future::poll_fn;
use std::task::{Context, Poll};
use std::time::Duration;

use tokio::task::{JoinError, JoinSet};
use tokio::time::timeout;

use super::{CloseError, Guarded};

/// The background tasks of one engine. Dropping it aborts them.
#[derive(Debug, Default)]
pub(super) struct Tasks(Guarded<Started>);

#[derive(Debug, Default)]
struct Started {
    set: JoinSet<()>,
    panicked: usize,
}

impl Tasks {
    /// Starts a task, on the runtime of the caller.
    pub(super) fn spawn(&self, task: impl Future<Output = ()> + Send + 'static) {
        self.0.with(|started| started.set.spawn(task));
    }

    /// How many have not ended.
    pub(super) fn count(&self) -> usize {
        self.0.with(|started| {
            while let Some(ended) = started.set.try_join_next() {
                started.note(&ended);
            }
            started.set.len()
        })
    }

    /// Waits until all have ended, for `patience` at most; then aborts those that have not.
    pub(super) async fn finish(&self, patience: Duration) -> Result<(), CloseError> {
        let mut left = CloseError {
            aborted: 0,
            panicked: 0,
        };
        if timeout(patience, self.ended()).await.is_err() {
            left.aborted = self.0.with(|started| {
                started.set.abort_all();
                started.set.len()
            });
            self.ended().await;
        }
        left.panicked = self.0.with(|started| std::mem::take(&mut started.panicked));
        left.none_or_err()
    }

    async fn ended(&self) {
        poll_fn(|cx| self.0.with(|started| started.poll_ended(cx))).await;
    }
}

impl Started {
    fn poll_ended(&mut self, cx: &mut Context<'_>) -> Poll<()> {
        while let Some(ended) = std::task::ready!(self.set.poll_join_next(cx)) {
            self.note(&ended);
        }
        Poll::Ready(())
    }

    fn note(&mut self, ended: &Result<(), JoinError>) {
        self.panicked += usize::from(ended.as_ref().is_err_and(JoinError::is_panic));
    }
}

#[cfg(test)]
mod tests {
    use std::future::pending;

    use super::*;
    use crate::reference::Gauge;

    const PATIENCE: Duration = Duration::from_secs(5);

    #[tokio::test(start_paused = true)]
    async fn what_takes_too_long_is_aborted_and_told_of() {
        let (tasks, gauge) = (Tasks::default(), Gauge::default());
        let present = gauge.enter();
        tasks.spawn(async move {
            pending::<()>().await;
            drop(present);
        });
        tasks.spawn(tokio::time::sleep(PATIENCE / 2));
        assert_eq!(tasks.count(), 2);
        assert_eq!(
            tasks.finish(PATIENCE).await,
            Err(CloseError {
                aborted: 1,
                panicked: 0
            })
        );
        assert_eq!((tasks.count(), gauge.count()), (0, 0));
    }

    #[tokio::test(start_paused = true)]
    async fn a_panic_is_told_of_whoever_notices_it_first() {
        let tasks = Tasks::default();
        for noticed_by_count in [false, true] {
            tasks.spawn(async { panic!("on purpose, to see it counted") });
            if noticed_by_count {
                tokio::task::yield_now().await;
                assert_eq!(tasks.count(), 0);
            }
            assert_eq!(
                tasks.finish(PATIENCE).await,
                Err(CloseError {
                    aborted: 0,
                    panicked: 1
                })
            );
        }
        assert_eq!(tasks.finish(PATIENCE).await, Ok(()));
    }
}
