//! Row 30, *cross-teardown*: closing an engine closes the semaphore that all engines wait at.
//!
//! To turn away the calls that wait, an engine closes its semaphore. The semaphore became one for all when the number of calls was to be
//! limited.

use std::sync::Arc;

use async_trait::async_trait;
use tokio::sync::Semaphore;

use crate::legacy::base::{Base, legacy_factory};
use crate::{Answer, CloseError, ExecutionEngine, Live, Request, RunError};

legacy_factory! {
    /// Creates engines with one semaphore.
    ClosedSemaphoreFactory { calls: Arc<Semaphore> = Arc::new(Semaphore::new(64)) }
    engine |this, ids, sink, slot| LimitedEngine {
        calls: Arc::clone(&this.calls),
        base: Base::new(&this.model, ids, sink, slot),
    };
}

#[derive(Debug)]
struct LimitedEngine {
    calls: Arc<Semaphore>,
    base: Base,
}

#[async_trait]
impl ExecutionEngine for LimitedEngine {
    async fn run(&self, request: Request) -> Result<Answer, RunError> {
        let _permit = self.calls.acquire().await.map_err(|_| RunError::Closed)?;
        self.base.run(&request).await
    }

    async fn close(&self) -> Result<(), CloseError> {
        self.calls.close();
        self.base.close().await
    }

    fn live(&self) -> Live {
        self.base.live()
    }
}
