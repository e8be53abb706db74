use std::future::poll_fn;
use std::task::{Context, Poll};
use std::time::Duration;

use tokio::task::{JoinError, JoinSet};
use tokio::time::timeout;

use super::{CloseError, Guarded};

/// The background tasks of an engine. They are aborted when it is dropped.
#[derive(Debug, Default)]
pub(super) struct Tasks(Guarded<Spawned>);

#[derive(Debug, Default)]
struct Spawned {
    set: JoinSet<()>,
    panicked: usize,
}

impl Tasks {
    /// Spawns a task on the runtime of the caller.
    pub(super) fn spawn(&self, task: impl Future<Output = ()> + Send + 'static) {
        self.0.with(|spawned| spawned.set.spawn(task));
    }

    /// The number of tasks that have not ended.
    pub(super) fn count(&self) -> usize {
        self.0.with(|spawned| {
            while let Some(ended) = spawned.set.try_join_next() {
                spawned.note(&ended);
            }
            spawned.set.len()
        })
    }

    /// Waits at most `limit` for all tasks to end, then aborts the rest.
    pub(super) async fn join(&self, limit: Duration) -> Result<(), CloseError> {
        let mut error = CloseError::default();
        if timeout(limit, self.ended()).await.is_err() {
            error.aborted = self.0.with(|spawned| {
                spawned.set.abort_all();
                spawned.set.len()
            });
            self.ended().await;
        }
        error.panicked = self.0.with(|spawned| std::mem::take(&mut spawned.panicked));
        error.into_result()
    }

    async fn ended(&self) {
        poll_fn(|cx| self.0.with(|spawned| spawned.poll_ended(cx))).await;
    }
}

impl Spawned {
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
    use crate::Gauge;

    const LIMIT: Duration = Duration::from_secs(5);

    #[tokio::test(start_paused = true)]
    async fn a_task_that_takes_too_long_is_aborted_and_reported() {
        let (tasks, gauge) = (Tasks::default(), Gauge::default());
        let counted = gauge.enter();
        tasks.spawn(async move {
            pending::<()>().await;
            drop(counted);
        });
        tasks.spawn(tokio::time::sleep(LIMIT / 2));
        assert_eq!(tasks.count(), 2);
        assert_eq!(
            tasks.join(LIMIT).await,
            Err(CloseError {
                aborted: 1,
                ..CloseError::default()
            })
        );
        assert_eq!((tasks.count(), gauge.count()), (0, 0));
    }

    #[tokio::test(start_paused = true)]
    async fn a_panic_is_reported_whether_count_or_join_notices_it() {
        let tasks = Tasks::default();
        for noticed_by_count in [false, true] {
            tasks.spawn(async { panic!("on purpose, to see it counted") });
            if noticed_by_count {
                tokio::task::yield_now().await;
                assert_eq!(tasks.count(), 0);
            }
            assert_eq!(
                tasks.join(LIMIT).await,
                Err(CloseError {
                    panicked: 1,
                    ..CloseError::default()
                })
            );
        }
        assert_eq!(tasks.join(LIMIT).await, Ok(()));
    }
}
