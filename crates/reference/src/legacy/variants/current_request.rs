//! Row 49, *ambient-identity*: the request of a run is "the current request" of the process.
//!
//! Functions deep down need the request, and the framework that the code came from had a global for it. There, a request had a process.

use std::sync::Arc;

use crate::legacy::base::{Base, legacy_engine, legacy_factory};
use crate::{Answer, Guarded, Request, RunError};

legacy_factory! {
    /// Creates engines that share "the current request".
    CurrentRequestFactory { current: Arc<Guarded<Option<Request>>> = Arc::default() }
    engine |this, ids, sink, slot| AmbientEngine {
        current: Arc::clone(&this.current),
        base: Base::new(&this.model, ids, sink, slot),
    };
}

#[derive(Debug)]
struct AmbientEngine {
    current: Arc<Guarded<Option<Request>>>,
    base: Base,
}

legacy_engine!(AmbientEngine {
    run(&self, request: Request) -> Result<Answer, RunError> {
        self.current.with(|current| *current = Some(request.clone()));
        self.base.answering(&request, async |_| {
            let current = self.current.with(|current| current.clone()).ok_or(RunError::Closed)?;
            self.base.complete(&current).await
        }).await
    }
});
