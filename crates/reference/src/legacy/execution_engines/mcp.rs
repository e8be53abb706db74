//! Row 17, *event-after-terminal*: the work of a run goes on after the run has timed out.
//!
//! The call of the remote tool is spawned, so that a client that goes away does not break it off, and the run waits for it for a minute.
//! When the minute is over, the run says that it failed. Nobody tells the task.

use std::sync::Arc;
use std::time::Duration;

use tokio::time::timeout;

use crate::legacy::base::{Base, completed, legacy_engine, legacy_factory, started, thinking};
use crate::{Answer, Request, RequestIds, RunError};

const LIMIT: Duration = Duration::from_secs(60);

legacy_factory! {
    /// Creates engines that ask remote tools.
    McpEngineFactory {}
    engine |this, ids, sink, slot| McpEnhancedExecutionEngine {
        base: Arc::new(Base::new(&this.model, ids, sink, slot)),
    };
}

/// Runs agents with remote tools.
#[derive(Debug)]
pub struct McpEnhancedExecutionEngine {
    base: Arc<Base>,
}

impl McpEnhancedExecutionEngine {
    async fn remote(base: Arc<Base>, ids: RequestIds, request: Request) -> Result<String, RunError> {
        let answer = base.complete(&request).await?;
        base.emit(&ids, thinking()).await?;
        Ok(answer)
    }
}

legacy_engine!(McpEnhancedExecutionEngine {
    run(&self, request: Request) -> Result<Answer, RunError> {
        self.base.check_open()?;
        request.prompt()?;
        let ids = self.base.next_run();
        self.base.emit(&ids, started(&request)).await?;
        let remote = tokio::spawn(Self::remote(Arc::clone(&self.base), ids.clone(), request));
        let result = match timeout(LIMIT, remote).await {
            Ok(Ok(result)) => result,
            Ok(Err(_)) => Err(RunError::Closed),
            Err(_) => Err(RunError::TimedOut { limit: LIMIT }),
        };
        self.base.emit(&ids, completed(&result)).await?;
        Ok(Answer { run_id: ids.run, text: result? })
    }
});
