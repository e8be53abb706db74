//! Row 39, *lock-across-await*: two locks are taken in one order by a run and in the other by closing.
//!
//! Each lock is held over the await at which the other one is taken. A run takes the history first, closing takes the notes first.

use std::sync::Arc;

use async_trait::async_trait;
use tokio::sync::Mutex;
use tokio::task::yield_now;

use crate::legacy::base::{Base, legacy_factory};
use crate::{Answer, CloseError, ExecutionEngine, Live, Request, RunError};

legacy_factory! {
    /// Creates engines with two locks.
    LockOrderFactory { stores: Arc<Stores> = Arc::default() }
    engine |this, ids, sink, slot| LockingEngine {
        stores: Arc::clone(&this.stores),
        base: Base::new(&this.model, ids, sink, slot),
    };
}

#[derive(Debug, Default)]
struct Stores {
    history: Mutex<usize>,
    notes: Mutex<usize>,
}

#[derive(Debug)]
struct LockingEngine {
    stores: Arc<Stores>,
    base: Base,
}

#[async_trait]
impl ExecutionEngine for LockingEngine {
    async fn run(&self, request: Request) -> Result<Answer, RunError> {
        let answer = self.base.run(&request).await?;
        let mut history = self.stores.history.lock().await;
        yield_now().await;
        let mut notes = self.stores.notes.lock().await;
        *history += 1;
        *notes += 1;
        Ok(answer)
    }

    async fn close(&self) -> Result<(), CloseError> {
        let notes = self.stores.notes.lock().await;
        yield_now().await;
        let history = self.stores.history.lock().await;
        drop((notes, history));
        self.base.close().await
    }

    fn live(&self) -> Live {
        self.base.live()
    }
}
