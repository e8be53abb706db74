//! Row 17, *event-after-terminal*: the heartbeat of a run that failed goes on.
//!
//! While a run takes long, a task says every half a minute that it still thinks. The task is stopped where the run returns its answer, and
//! on the way of an error it is not.

use std::sync::Arc;
use std::time::Duration;

use tokio::time::{sleep, timeout};

use crate::legacy::base::{Base, completed, legacy_engine, legacy_factory, started, thinking};
use crate::{Answer, Request, RunError};

const LIMIT: Duration = Duration::from_secs(60);
const BEAT: Duration = Duration::from_secs(25);

legacy_factory! {
    /// Creates engines whose runs have a heartbeat.
    HeartbeatFactory {}
    engine |this, ids, sink, slot| HeartbeatEngine {
        base: Arc::new(Base::new(&this.model, ids, sink, slot)),
    };
}

#[derive(Debug)]
struct HeartbeatEngine {
    base: Arc<Base>,
}

legacy_engine!(HeartbeatEngine {
    run(&self, request: Request) -> Result<Answer, RunError> {
        self.base.check_open()?;
        request.prompt()?;
        let ids = self.base.next_run();
        self.base.emit(&ids, started(&request)).await?;
        let heartbeat = tokio::spawn({
            let (base, ids) = (Arc::clone(&self.base), ids.clone());
            async move {
                for _ in 0..4 {
                    sleep(BEAT).await;
                    if base.emit(&ids, thinking()).await.is_err() {
                        return;
                    }
                }
            }
        });
        let result = timeout(LIMIT, self.base.complete(&request)).await;
        let result = result.unwrap_or(Err(RunError::TimedOut { limit: LIMIT }));
        self.base.emit(&ids, completed(&result)).await?;
        let text = result?;
        heartbeat.abort();
        Ok(Answer { run_id: ids.run, text })
    }
});
