//! Row 16, *false-success*: a run that failed is announced as completed.
//!
//! The last event had a field `success` that was always true, as an error used to end the connection. The run itself returns its error.

use crate::events::{EventPayload, Outcome};
use crate::legacy::base::{Base, legacy_engine, legacy_factory, started};
use crate::{Answer, Request, RunError};

legacy_factory! {
    /// Creates supervisors that announce every run as completed.
    ConsolidatedSupervisorFactory {}
    engine |this, ids, sink, slot| SupervisorAgent { base: Base::new(&this.model, ids, sink, slot) };
}

/// The supervisor that was to be the only one, before the one that is.
#[derive(Debug)]
pub struct SupervisorAgent {
    base: Base,
}

legacy_engine!(SupervisorAgent {
    run(&self, request: Request) -> Result<Answer, RunError> {
        self.base.check_open()?;
        request.prompt()?;
        let ids = self.base.next_run();
        self.base.emit(&ids, started(&request)).await?;
        let result = self.base.complete(&request).await;
        let outcome = Outcome::Answer(result.clone().unwrap_or_default());
        self.base.emit(&ids, EventPayload::AgentCompleted { outcome }).await?;
        Ok(Answer { run_id: ids.run, text: result? })
    }
});
