//! Row 33, *cancel-leak*: a call is registered before it queues, and guarded only once it has its turn.
//!
//! The guard that takes a call from the list of active ones was added after an incident with failed calls; it
//! was put where the work begins.
//!
//! The count of active calls never returns to zero. It takes a call that is dropped while it queues behind
//! another call of the same user.

use std::collections::BTreeSet;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

use async_trait::async_trait;
use tokio::sync::Semaphore;

use crate::{
    Answer, CloseError, CreateError, EngineFactory, EventEmitter, EventSink, ExecutionEngine, Guarded, Live,
    Model, Prompt, Registry, Request, RequestIds, RunError, Slot, UserExecutionContext, UserId,
};

/// Makes engines that list their active calls.
#[derive(Debug)]
pub struct CancelLeakFactory {
    model: Arc<dyn Model>,
    registry: Registry,
    active: Arc<Active>,
}

impl CancelLeakFactory {
    /// A factory whose engines ask this model.
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
            turn: Semaphore::new(1),
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
struct Active {
    next: AtomicU64,
    calls: Guarded<BTreeSet<u64>>,
}

impl Active {
    fn register(&self) -> u64 {
        let number = self.next.fetch_add(1, Ordering::Relaxed);
        self.calls.with(|calls| calls.insert(number));
        number
    }
}

/// Takes a call from the list when its work is over, however it ends.
#[derive(Debug)]
struct Working<'a> {
    active: &'a Active,
    number: u64,
}

impl Drop for Working<'_> {
    fn drop(&mut self) {
        self.active.calls.with(|calls| calls.remove(&self.number));
    }
}

#[derive(Debug)]
struct CancelLeakEngine {
    model: Arc<dyn Model>,
    active: Arc<Active>,
    turn: Semaphore,
    emitter: EventEmitter,
    slot: Slot,
}

#[async_trait]
impl ExecutionEngine for CancelLeakEngine {
    async fn run(&self, request: Request) -> Result<Answer, RunError> {
        let text = request.prompt()?;
        let number = self.active.register();
        let turn = self.turn.acquire().await;
        let _working = Working {
            active: &self.active,
            number,
        };
        let _turn = turn.map_err(|_| RunError::Closed)?;
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
        self.turn.close();
        self.emitter.disconnect();
        self.slot.release();
        Ok(())
    }
}
