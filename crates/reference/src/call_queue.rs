use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

use tokio::sync::{Semaphore, SemaphorePermit};
use tokio::time::timeout;

use super::RunError;

/// Admits the calls of an engine one at a time, first in first out, until the engine is closed.
#[derive(Debug)]
pub(super) struct CallQueue {
    permit: Semaphore,
    closed: AtomicBool,
}

impl CallQueue {
    pub(super) fn new() -> Self {
        Self {
            permit: Semaphore::new(1),
            closed: AtomicBool::new(false),
        }
    }

    /// Waits for the permit to run; dropping the permit admits the next call. A call that is dropped while it waits leaves
    /// the queue.
    pub(super) async fn acquire(&self, patience: Duration) -> Result<SemaphorePermit<'_>, RunError> {
        let permit = timeout(patience, self.permit.acquire())
            .await
            .map_err(|_| RunError::Busy { patience })?;
        let permit = permit.map_err(|_| RunError::Closed)?;
        // Checked after the wait: the engine may have been closed meanwhile.
        if self.closed.load(Ordering::Acquire) {
            return Err(RunError::Closed);
        }
        Ok(permit)
    }

    /// Admits no further call, and waits for the running one. Returns the last permit, under which the engine is closed, or
    /// `None` if another call has closed the engine already.
    pub(super) async fn close(&self) -> Option<SemaphorePermit<'_>> {
        self.closed.store(true, Ordering::Release);
        self.permit.acquire().await.ok()
    }

    /// Rejects the calls that still wait.
    pub(super) fn reject_waiting(&self) {
        self.permit.close();
    }

    /// The number of permits in use: 0 or 1.
    pub(super) fn permits_in_use(&self) -> usize {
        1 - self.permit.available_permits()
    }
}
