use std::sync::Arc;

use tokio::sync::{Semaphore, SemaphorePermit};
use tokio::time::{Instant, timeout};

use crate::call_queue::CallQueue;
use crate::{Config, Gauge, GaugeGuard, Guarded, RunError};

/// Admits the calls of one engine, within the limits of the engine and of its user.
#[derive(Debug)]
pub(super) struct Admission {
    queue: CallQueue,
    of_user: Arc<Semaphore>,
    running: Gauge,
    last_used: Guarded<Instant>,
}

/// A call that may run. Dropping it admits the next one.
#[derive(Debug)]
pub(super) struct Admitted<'a> {
    admission: &'a Admission,
    _counted: GaugeGuard,
    _of_user: SemaphorePermit<'a>,
    _of_engine: SemaphorePermit<'a>,
}

impl Admission {
    pub(super) fn new(config: &Config, of_user: Arc<Semaphore>) -> Self {
        Self {
            queue: CallQueue::new(config.runs_per_engine),
            of_user,
            running: Gauge::default(),
            last_used: Guarded::new(Instant::now()),
        }
    }

    pub(super) async fn admit(&self, config: &Config) -> Result<Admitted<'_>, RunError> {
        let patience = config.queue_timeout;
        let counted = self.running.enter();
        let of_engine = self.queue.acquire(patience).await?;
        let of_user = timeout(patience, self.of_user.acquire())
            .await
            .map_err(|_| RunError::Busy { patience })?;
        Ok(Admitted {
            admission: self,
            _counted: counted,
            // Nobody closes the permits of a user.
            _of_user: of_user.map_err(|_| RunError::Closed)?,
            _of_engine: of_engine,
        })
    }

    pub(super) fn queue(&self) -> &CallQueue {
        &self.queue
    }

    /// The number of calls that run or wait.
    pub(super) fn running(&self) -> usize {
        self.running.count()
    }

    pub(super) fn last_used(&self) -> Instant {
        self.last_used.with(|last| *last)
    }
}

impl Drop for Admitted<'_> {
    fn drop(&mut self) {
        self.admission.last_used.with(|last| *last = Instant::now());
    }
}
