//! Row 33, *cancel-leak*: a permit is forgotten when a call begins, and put back when it ends.
//!
//! The permit could not be kept in the struct of a run, so that it is forgotten and added again by hand. A call that is dropped between
//! does neither.

use tokio::sync::Semaphore;

use crate::legacy::base::{Base, legacy_factory};
use crate::{Answer, CloseError, ExecutionEngine, Live, Request, RunError};
use async_trait::async_trait;
use std::sync::Arc;

const CALLS: usize = 2;

legacy_factory! {
    /// Creates engines whose calls take permits out of a common stock.
    ForgottenPermitFactory { stock: Arc<Semaphore> = Arc::new(Semaphore::new(8 * CALLS)) }
    engine |this, ids, sink, slot| StockEngine {
        stock: Arc::clone(&this.stock),
        base: Base::new(&this.model, ids, sink, slot),
    };
    live |this| Live { permits: 8 * CALLS - this.stock.available_permits(), ..this.registry.live() };
}

#[derive(Debug)]
struct StockEngine {
    stock: Arc<Semaphore>,
    base: Base,
}

#[async_trait]
impl ExecutionEngine for StockEngine {
    async fn run(&self, request: Request) -> Result<Answer, RunError> {
        self.stock.acquire().await.map_err(|_| RunError::Closed)?.forget();
        let result = self.base.run(&request).await;
        self.stock.add_permits(1);
        result
    }

    async fn close(&self) -> Result<(), CloseError> {
        self.base.close().await
    }

    fn live(&self) -> Live {
        self.base.live()
    }
}
