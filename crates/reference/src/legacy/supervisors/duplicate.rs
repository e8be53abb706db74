//! Row 16, *false-success*: a step that failed is replaced by a text, and the run goes on.
//!
//! One failing agent was not to end a whole workflow. The supervisor puts an apology in the place of its answer, and neither the events
//! nor the result say that it is one.

use crate::legacy::base::{Base, completed, legacy_engine, legacy_factory, started};
use crate::{Answer, Request, RunError};

legacy_factory! {
    /// Creates supervisors that answer for the agents that failed.
    DuplicateSupervisorFactory {}
    engine |this, ids, sink, slot| SupervisorAgent { base: Base::new(&this.model, ids, sink, slot) };
}

/// A supervisor of the same name in another module.
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
        let result = match self.base.complete(&request).await {
            Err(RunError::Model(_)) => Ok("Sorry, I cannot say more about this.".to_owned()),
            result => result,
        };
        self.base.emit(&ids, completed(&result)).await?;
        Ok(Answer { run_id: ids.run, text: result? })
    }
});
