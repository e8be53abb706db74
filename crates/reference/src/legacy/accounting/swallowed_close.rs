//! Row 45, *swallowed-cleanup*: the error of a close is dropped.
//!
//! A user who leaves was not to see an error. Closing is always reported as done.

use std::sync::Arc;

use async_trait::async_trait;

use crate::legacy::base::wrapping_factory;
use crate::{Answer, CloseError, ExecutionEngine, Request, RunError};

wrapping_factory! {
    /// Creates engines that always close well, by their own account.
    SwallowedCloseFactory {}
    engine |_this, engine| QuietEngine { engine };
    given {}
}

#[derive(Debug)]
struct QuietEngine {
    engine: Arc<dyn ExecutionEngine>,
}

#[async_trait]
impl ExecutionEngine for QuietEngine {
    async fn run(&self, request: Request) -> Result<Answer, RunError> {
        self.engine.run(request).await
    }

    async fn close(&self) -> Result<(), CloseError> {
        // The fault: what fails is not told.
        self.engine.close().await.ok();
        Ok(())
    }

    fn wrapped(&self) -> Option<&dyn ExecutionEngine> {
        Some(&*self.engine)
    }
}
