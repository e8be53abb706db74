//! Row 15, *duplicated-events*: the supervisor and the engine below it both send the first event of a run.
//!
//! The supervisor sent it when engines sent nothing. The engine sends all five events since, and the line in the supervisor stayed.

use crate::legacy::base::{Base, legacy_engine, legacy_factory, started};
use crate::{Answer, Request, RunError};

legacy_factory! {
    /// Creates engines that announce a run twice.
    SupervisorEngineFactory {}
    engine |this, ids, sink, slot| SupervisorExecutionEngine {
        base: Base::new(&this.model, ids, sink, slot),
    };
}

/// Runs agents for a supervisor.
#[derive(Debug)]
pub struct SupervisorExecutionEngine {
    base: Base,
}

legacy_engine!(SupervisorExecutionEngine {
    run(&self, request: Request) -> Result<Answer, RunError> {
        self.base.check_open()?;
        request.prompt()?;
        let ids = self.base.next_run();
        self.base.emit(&ids, started(&request)).await?;
        self.base.run_as(&ids, &request).await
    }
});
