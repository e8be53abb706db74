//! Row 27, *unsafe-fallback*: the supervisor restarts a run with the events of its beginning.
//!
//! A supervisor restarts what dies, three times. A run whose client did not take an event looks dead, and the next attempt goes past the
//! checks of the first one, as they have been made.

use crate::legacy::base::{Base, completed, legacy_engine, legacy_factory, started};
use crate::{Answer, DeliveryError, Request, RequestIds, RunError};

legacy_factory! {
    /// Creates engines that restart their runs.
    RestartingFactory {}
    engine |this, ids, sink, slot| RestartingEngine { base: Base::new(&this.model, ids, sink, slot) };
}

#[derive(Debug)]
struct RestartingEngine {
    base: Base,
}

impl RestartingEngine {
    async fn attempt(
        &self,
        ids: &RequestIds,
        request: &Request,
    ) -> Result<Result<String, RunError>, DeliveryError> {
        self.base.emit(ids, started(request)).await?;
        let result = self.base.complete(request).await;
        self.base.emit(ids, completed(&result)).await?;
        Ok(result)
    }
}

legacy_engine!(RestartingEngine {
    run(&self, request: Request) -> Result<Answer, RunError> {
        self.base.check_open()?;
        request.prompt()?;
        let ids = self.base.next_run();
        let mut attempts = 1;
        loop {
            match self.attempt(&ids, &request).await {
                Ok(result) => return Ok(Answer { run_id: ids.run, text: result? }),
                Err(error) if attempts == 3 => return Err(error.into()),
                Err(_) => attempts += 1,
            }
        }
    }
});
