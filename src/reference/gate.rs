use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

use tokio::sync::{Semaphore, SemaphorePermit};
use tokio::time::timeout;

use super::RunError;

/// Lets an engine's calls in one after another, in the order in which they came, until the engine is closed.
#[derive(Debug)]
pub(super) struct Gate {
    turn: Semaphore,
    closed: AtomicBool,
}

impl Gate {
    pub(super) fn new() -> Self {
        Self {
            turn: Semaphore::new(1),
            closed: AtomicBool::new(false),
        }
    }

    /// Waits for a turn, which lasts as long as what is returned. Who is dropped while waiting leaves the
    /// queue.
    pub(super) async fn enter(&self, patience: Duration) -> Result<SemaphorePermit<'_>, RunError> {
        let turn = timeout(patience, self.turn.acquire())
            .await
            .map_err(|_| RunError::Busy { patience })?;
        let turn = turn.map_err(|_| RunError::Closed)?;
        // Asked after the wait, for the engine may have been closed meanwhile.
        if self.closed.load(Ordering::Acquire) {
            return Err(RunError::Closed);
        }
        Ok(turn)
    }

    /// Lets nobody in any more, and waits for who is inside. What is returned is the last turn, for closing
    /// in peace; none where another call has closed the engine.
    pub(super) async fn last_turn(&self) -> Option<SemaphorePermit<'_>> {
        self.closed.store(true, Ordering::Release);
        self.turn.acquire().await.ok()
    }

    /// Ends the last turn: who still waits is turned away.
    pub(super) fn seal(&self) {
        self.turn.close();
    }

    /// How many turns are taken.
    pub(super) fn taken(&self) -> usize {
        1 - self.turn.available_permits()
    }
}
