//! Row 43, *unbounded-growth*: every run of a user is kept in a list.
//!
//! The list was for debugging. It is read by nobody and cut by nobody.

use std::sync::Arc;

use crate::legacy::base::{Base, legacy_engine, legacy_factory};
use crate::{Answer, Guarded, Request, RunError, RunId};

legacy_factory! {
    /// Creates engines that keep a list of their runs.
    RunLogFactory { log: Arc<Guarded<Vec<RunId>>> = Arc::default() }
    engine |this, ids, sink, slot| LoggingEngine {
        log: Arc::clone(&this.log),
        base: Base::new(&this.model, ids, sink, slot),
    };

    fn footprint(&self) -> Option<usize> {
        Some(self.log.with(|log| log.len()))
    }
}

#[derive(Debug)]
struct LoggingEngine {
    log: Arc<Guarded<Vec<RunId>>>,
    base: Base,
}

legacy_engine!(LoggingEngine {
    run(&self, request: Request) -> Result<Answer, RunError> {
        let answer = self.base.run(&request).await?;
        self.log.with(|log| log.push(answer.run_id.clone()));
        Ok(answer)
    }
});
