//! Row 33, *cancel-leak*: a call is registered before it queues, and guarded only after it has left the queue.
//!
//! The guard that removes a call from the set of active calls was added after an incident with failed calls, at the place where
//! the work starts.
//!
//! The number of active calls does not return to zero. The fault needs a call that is dropped while it waits for another call of
//! the same user.

use std::collections::BTreeSet;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

use async_trait::async_trait;
use tokio::sync::Semaphore;

use crate::{
    Answer, CloseError, CreateError, EngineFactory, EventEmitter, EventSink, ExecutionEngine, Guarded, Live,
    Model, Prompt, Registry, Request, RequestIds, RunError, Slot, UserExecutionContext, UserId,
};

/// Creates engines that register their active calls.
#[derive(Debug)]
pub struct CancelLeakFactory {
    model: Arc<dyn Model>,
    registry: Registry,
    active: Arc<ActiveCalls>,
}

impl CancelLeakFactory {
    /// Creates a factory whose engines ask this model.
    #[must_use]
    pub fn new(model: Arc<dyn Model>) -> Self {
        Self {
            model,
            registry: Registry::new(4),
            active: Arc::default(),
        }
    }
}

#[async_trait]
impl EngineFactory for CancelLeakFactory {
    async fn create_for_user(
        &self,
        context: RequestIds,
        sink: Arc<dyn EventSink>,
    ) -> Result<Arc<dyn ExecutionEngine>, CreateError> {
        let context = UserExecutionContext::new(context)?;
        let slot = self.registry.reserve(context.user())?;
        slot.install(|slot| CancelLeakEngine {
            model: Arc::clone(&self.model),
            active: Arc::clone(&self.active),
            permit: Semaphore::new(1),
            emitter: EventEmitter::new(context, sink),
            slot,
        })
    }

    async fn clean_up(&self, user: &UserId) -> Result<(), CloseError> {
        self.registry.clean_up(user).await
    }

    fn live(&self) -> Live {
        Live {
            runs: self.active.calls.with(|calls| calls.len()),
            ..self.registry.live()
        }
    }
}

#[derive(Debug, Default)]
struct ActiveCalls {
    next: AtomicU64,
    calls: Guarded<BTreeSet<u64>>,
}

impl ActiveCalls {
    fn register(&self) -> u64 {
        let number = self.next.fetch_add(1, Ordering::Relaxed);
        self.calls.with(|calls| calls.insert(number));
        number
    }
}

/// Removes a call from the set of active calls when its work ends or is dropped.
#[derive(Debug)]
struct ActiveCall<'a> {
    active: &'a ActiveCalls,
    number: u64,
}

impl Drop for ActiveCall<'_> {
    fn drop(&mut self) {
        self.active.calls.with(|calls| calls.remove(&self.number));
    }
}

#[derive(Debug)]
struct CancelLeakEngine {
    model: Arc<dyn Model>,
    active: Arc<ActiveCalls>,
    permit: Semaphore,
    emitter: EventEmitter,
    slot: Slot,
}

#[async_trait]
impl ExecutionEngine for CancelLeakEngine {
    async fn run(&self, request: Request) -> Result<Answer, RunError> {
        let text = request.prompt()?;
        let number = self.active.register();
        let permit = self.permit.acquire().await;
        let _active = ActiveCall {
            active: &self.active,
            number,
        };
        let _permit = permit.map_err(|_| RunError::Closed)?;
        let events = self.emitter.start(request.agent()).await?;
        let run_id = events.context().run().clone();
        let prompt = Prompt {
            agent: request.agent(),
            text,
            history: &[],
            facts: &[],
        };
        let asked = self.model.complete(prompt).await;
        let text = events.finish(asked.map_err(RunError::from)).await?;
        Ok(Answer { run_id, text })
    }

    async fn close(&self) -> Result<(), CloseError> {
        self.permit.close();
        self.emitter.disconnect();
        self.slot.release();
        Ok(())
    }
}
