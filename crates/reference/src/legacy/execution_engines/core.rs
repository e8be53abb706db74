//! Row 05, *foreign-context*: a call with a context sets the context of the engine.
//!
//! To hand the context down through many functions was too much work, so that the engine keeps the one that came last, in a field. A
//! context is compared with nothing but itself.

use crate::legacy::base::{Base, legacy_engine, legacy_factory};
use crate::{Answer, Guarded, Request, RequestIds, RunError};

legacy_factory! {
    /// Creates engines that keep the context of the last call.
    CoreEngineFactory {}
    engine |this, ids, sink, slot| CoreExecutionEngine {
        current: Guarded::new(None),
        base: Base::new(&this.model, ids, sink, slot),
    };
}

/// Runs agents under the context that came last.
#[derive(Debug)]
pub struct CoreExecutionEngine {
    current: Guarded<Option<RequestIds>>,
    base: Base,
}

legacy_engine!(CoreExecutionEngine {
    run(&self, request: Request) -> Result<Answer, RunError> {
        let ids = self.current.with(Option::take).unwrap_or_else(|| self.base.next_run());
        self.base.run_as(&ids, &request).await
    }

    async fn run_under(&self, context: RequestIds, request: Request) -> Result<Answer, RunError> {
        if context.user.is_empty() {
            return Err(RunError::InvalidRequest { reason: "the context names no user".to_owned() });
        }
        self.current.with(|current| *current = Some(context));
        self.run(request).await
    }
});
