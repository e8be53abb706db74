//! Row 14, *reordered-events*: each event is sent by a task of its own.
//!
//! A slow client was not to slow the tools down, so that each event is spawned. The run waits for all of them at its end; in which order
//! they arrive is left to the runtime.

use std::sync::Arc;

use tokio::task::JoinSet;

use crate::events::{Event, EventPayload};
use crate::legacy::base::{Base, completed, legacy_engine, legacy_factory, started};
use crate::{Answer, DeliveryError, Request, RequestIds, RunError, SinkClosed};

legacy_factory! {
    /// Creates engines that send each event by a task of its own.
    ToolRegistryEngineFactory {}
    engine |this, ids, sink, slot| ToolRegistryExecutionEngine {
        base: Base::new(&this.model, ids, sink, slot),
    };
}

/// Looks tools up by their names and calls them.
#[derive(Debug)]
pub struct ToolRegistryExecutionEngine {
    base: Base,
}

type Sends = JoinSet<Result<(), SinkClosed>>;

impl ToolRegistryExecutionEngine {
    fn spawn(&self, sends: &mut Sends, ids: &RequestIds, payload: EventPayload) -> Result<(), DeliveryError> {
        let (sink, event) = (self.base.sink()?, Event::new(ids, payload));
        sends.spawn(async move { Arc::clone(&sink).deliver(&event).await });
        Ok(())
    }

    async fn run_with_events(&self, ids: &RequestIds, request: &Request) -> Result<String, RunError> {
        let mut sends = Sends::new();
        self.spawn(&mut sends, ids, started(request))?;
        let tool_name = "clock".to_owned();
        let input = request.prompt()?.to_owned();
        self.spawn(&mut sends, ids, EventPayload::ToolExecuting { tool_name, input })?;
        let (tool_name, output) = ("clock".to_owned(), "noon".to_owned());
        self.spawn(&mut sends, ids, EventPayload::ToolCompleted { tool_name, output })?;
        let result = self.base.complete(request).await;
        self.spawn(&mut sends, ids, completed(&result))?;
        while let Some(sent) = sends.join_next().await {
            sent.map_err(|_| DeliveryError::from(SinkClosed))?
                .map_err(DeliveryError::from)?;
        }
        result
    }
}

legacy_engine!(ToolRegistryExecutionEngine {
    run(&self, request: Request) -> Result<Answer, RunError> {
        self.base.check_open()?;
        request.prompt()?;
        let _running = self.base.runs.enter();
        let ids = self.base.next_run();
        let text = self.run_with_events(&ids, &request).await?;
        Ok(Answer { run_id: ids.run, text })
    }
});
