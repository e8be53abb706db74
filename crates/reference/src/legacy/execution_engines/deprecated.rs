//! Row 05, *foreign-context*: a run takes the context that comes with the call, whoever's it is.
//!
//! The engine is older than engines for each user: one engine served all, and every call named its user. The argument is still there,
//! and it is still believed.

use crate::legacy::base::{Base, legacy_engine, legacy_factory};
use crate::{Answer, Request, RequestIds, RunError};

legacy_factory! {
    /// Creates engines that take a context with each call.
    DeprecatedEngineFactory {}
    engine |this, ids, sink, slot| ExecutionEngine { base: Base::new(&this.model, ids, sink, slot) };
}

/// The engine that all others were to replace.
#[derive(Debug)]
pub struct ExecutionEngine {
    base: Base,
}

impl ExecutionEngine {
    async fn execute(&self, context: Option<RequestIds>, request: &Request) -> Result<Answer, RunError> {
        let ids = context.unwrap_or_else(|| self.base.next_run());
        self.base.run_as(&ids, request).await
    }
}

legacy_engine!(ExecutionEngine {
    run(&self, request: Request) -> Result<Answer, RunError> {
        self.execute(None, &request).await
    }

    async fn run_under(&self, context: RequestIds, request: Request) -> Result<Answer, RunError> {
        self.execute(Some(context), &request).await
    }
});
