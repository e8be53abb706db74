//! Row 34, *use-after-close*: a handle that was taken before the engine was closed works afterwards.
//!
//! A call takes a handle of the open engine first. Closing takes the handle out of its place, so that no further call gets one; those
//! that have one are not told.

use std::sync::Arc;

use async_trait::async_trait;
use tokio::task::yield_now;

use crate::events::Event;
use crate::legacy::base::{Base, completed, legacy_factory, started};
use crate::{
    Answer, CloseError, DeliveryError, EventSink, ExecutionEngine, Guarded, Live, Request, RunError,
};

legacy_factory! {
    /// Creates engines whose calls hold on to what they work with.
    KeptHandleFactory {}
    engine |this, ids, sink, slot| KeptHandleEngine {
        handle: Guarded::new(Some(Arc::clone(&sink))),
        base: Base::new(&this.model, ids, sink, slot),
    };
}

#[derive(Debug)]
struct KeptHandleEngine {
    handle: Guarded<Option<Arc<dyn EventSink>>>,
    base: Base,
}

#[async_trait]
impl ExecutionEngine for KeptHandleEngine {
    async fn run(&self, request: Request) -> Result<Answer, RunError> {
        request.prompt()?;
        let handle = self
            .handle
            .with(|handle| handle.clone())
            .ok_or(RunError::Closed)?;
        // Where it would wait for a connection of a pool.
        yield_now().await;
        let ids = self.base.next_run();
        let send = async |payload| {
            handle
                .deliver(&Event::new(&ids, payload))
                .await
                .map_err(DeliveryError::from)
        };
        send(started(&request)).await?;
        let result = self.base.complete(&request).await;
        send(completed(&result)).await?;
        let text = result?;
        Ok(Answer {
            run_id: ids.run,
            text,
        })
    }

    async fn close(&self) -> Result<(), CloseError> {
        drop(self.handle.with(Option::take));
        self.base.close().await
    }

    fn live(&self) -> Live {
        self.base.live()
    }
}
