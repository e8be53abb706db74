//! Row 34, *use-after-close*: whether the engine is closed is checked before the call waits for its turn.
//!
//! The check stands at the top of the method. The wait came later, below it. A call that waits while the engine is closed runs afterwards.

use tokio::sync::Semaphore;

use crate::events::Event;
use crate::legacy::base::{Base, completed, legacy_factory, started};
use crate::{
    Answer, CloseError, DeliveryError, EventSink, ExecutionEngine, Live, Request, RequestIds, RunError,
};
use async_trait::async_trait;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

legacy_factory! {
    /// Creates engines that check too early whether they are closed.
    CheckedEarlyFactory {}
    engine |this, ids, sink, slot| CheckedEarlyEngine {
        is_closed: AtomicBool::new(false),
        turn: Semaphore::new(1),
        sink: Arc::clone(&sink),
        base: Base::new(&this.model, ids, sink, slot),
    };
}

#[derive(Debug)]
struct CheckedEarlyEngine {
    is_closed: AtomicBool,
    turn: Semaphore,
    sink: Arc<dyn EventSink>,
    base: Base,
}

impl CheckedEarlyEngine {
    async fn run_in_turn(
        &self,
        ids: &RequestIds,
        request: &Request,
    ) -> Result<Result<String, RunError>, DeliveryError> {
        self.sink.deliver(&Event::new(ids, started(request))).await?;
        let result = self.base.complete(request).await;
        self.sink.deliver(&Event::new(ids, completed(&result))).await?;
        Ok(result)
    }
}

#[async_trait]
impl ExecutionEngine for CheckedEarlyEngine {
    async fn run(&self, request: Request) -> Result<Answer, RunError> {
        if self.is_closed.load(Ordering::Acquire) {
            return Err(RunError::Closed);
        }
        request.prompt()?;
        let _turn = self.turn.acquire().await.map_err(|_| RunError::Closed)?;
        let ids = self.base.next_run();
        let text = self.run_in_turn(&ids, &request).await??;
        Ok(Answer {
            run_id: ids.run,
            text,
        })
    }

    async fn close(&self) -> Result<(), CloseError> {
        self.is_closed.store(true, Ordering::Release);
        self.base.close().await
    }

    fn live(&self) -> Live {
        self.base.live()
    }
}
