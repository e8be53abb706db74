use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

use tokio::sync::{Semaphore, SemaphorePermit};
use tokio::time::timeout;

use super::RunError;

/// Admits the calls of an engine, a certain number at a time, first in first out, until the engine is closed.
#[derive(Debug)]
pub(super) struct CallQueue {
    width: u32,
    permits: Semaphore,
    closed: AtomicBool,
}

impl CallQueue {
    /// A queue that admits `width` calls at a time, and one where that is 0.
    pub(super) fn new(width: u32) -> Self {
        let width = width.max(1);
        Self {
            width,
            permits: Semaphore::new(width as usize),
            closed: AtomicBool::new(false),
        }
    }

    /// Waits for the permit to run; dropping the permit admits the next call. A call that is dropped while it waits leaves
    /// the queue.
    pub(super) async fn acquire(&self, patience: Duration) -> Result<SemaphorePermit<'_>, RunError> {
        let permit = timeout(patience, self.permits.acquire())
            .await
            .map_err(|_| RunError::Busy { patience })?;
        let permit = permit.map_err(|_| RunError::Closed)?;
        // Checked after the wait: the engine may have been closed meanwhile.
        if self.closed.load(Ordering::Acquire) {
            return Err(RunError::Closed);
        }
        Ok(permit)
    }

    /// Admits no further call, and waits for the running ones. Returns all permits, under which the engine is closed, or `None` if
    /// another call has closed the engine already.
    pub(super) async fn close(&self) -> Option<SemaphorePermit<'_>> {
        self.closed.store(true, Ordering::Release);
        self.permits.acquire_many(self.width).await.ok()
    }

    /// Rejects the calls that still wait.
    pub(super) fn reject_waiting(&self) {
        self.permits.close();
    }

    /// The number of permits in use.
    pub(super) fn permits_in_use(&self) -> usize {
        self.width as usize - self.permits.available_permits()
    }
}
