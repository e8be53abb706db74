//! Row 27, *unsafe-fallback*: a run that fails on the safe engine is run once more on the old one.
//!
//! The factory wraps all others. To make the change to the safe engine without risk, its engines go back to the old one whenever the safe
//! one returns an error, whatever the error was and however far the run had come.

use std::sync::Arc;

use crate::legacy::base::{Base, legacy_engine, legacy_factory};
use crate::{Answer, Request, RequestIds, RunError};

legacy_factory! {
    /// Creates engines that fall back to what they replace.
    UnifiedExecutionEngineFactory {}
    engine |this, ids, sink, slot| FallbackEngine { base: Arc::new(Base::new(&this.model, ids, sink, slot)) };
}

#[derive(Debug)]
struct FallbackEngine {
    base: Arc<Base>,
}

impl FallbackEngine {
    async fn safe(&self, ids: &RequestIds, request: &Request) -> Result<Answer, RunError> {
        self.base.run_as(ids, request).await
    }

    /// Under the same id, for who waits for the run to find the answer.
    async fn legacy(&self, ids: &RequestIds, request: &Request) -> Result<Answer, RunError> {
        self.base.run_as(ids, request).await
    }
}

legacy_engine!(FallbackEngine {
    run(&self, request: Request) -> Result<Answer, RunError> {
        let ids = self.base.next_run();
        match self.safe(&ids, &request).await {
            Err(RunError::Delivery(_)) => self.legacy(&ids, &request).await,
            result => result,
        }
    }
});
