//! Row 39, *lock-across-await*: a lock that blocks its thread is held while the model is asked.
//!
//! The lock comes from the time of one thread a call. The compiler refuses to hold `std`'s guards where a
//! future moves between threads; this one's guard can be sent, and clippy does not know it.
//!
//! Nobody is answered any more: the thread that waits for the lock is the one that would have to go on with
//! the call that holds it. It takes this order: A takes the lock and waits for the model, B asks for the
//! lock.

use std::sync::{Arc, Condvar, Mutex, PoisonError};

use async_trait::async_trait;

use crate::{
    Answer, CloseError, CreateError, EngineFactory, EventEmitter, EventSink, ExecutionEngine, Live, Model,
    Prompt, Registry, Request, RequestIds, RunError, Slot, UserExecutionContext, UserId,
};

/// Makes engines that ask the model under a lock.
#[derive(Debug)]
pub struct BlockingLockFactory {
    model: Arc<dyn Model>,
    registry: Registry,
    lock: Arc<BlockingLock>,
}

impl BlockingLockFactory {
    /// A factory whose engines ask this model.
    #[must_use]
    pub fn new(model: Arc<dyn Model>) -> Self {
        Self {
            model,
            registry: Registry::new(4),
            lock: Arc::default(),
        }
    }
}

#[async_trait]
impl EngineFactory for BlockingLockFactory {
    async fn create_for_user(
        &self,
        context: RequestIds,
        sink: Arc<dyn EventSink>,
    ) -> Result<Arc<dyn ExecutionEngine>, CreateError> {
        let context = UserExecutionContext::new(context)?;
        let slot = self.registry.reserve(context.user())?;
        slot.install(|slot| BlockingLockEngine {
            model: Arc::clone(&self.model),
            lock: Arc::clone(&self.lock),
            emitter: EventEmitter::new(context, sink),
            slot,
        })
    }

    async fn clean_up(&self, user: &UserId) -> Result<(), CloseError> {
        self.registry.clean_up(user).await
    }

    fn live(&self) -> Live {
        let (held, waiting) = self.lock.callers();
        Live {
            permits: held,
            runs: held + waiting,
            ..self.registry.live()
        }
    }
}

#[derive(Debug, Default)]
struct BlockingLock {
    callers: Mutex<Callers>,
    freed: Condvar,
}

#[derive(Debug, Default)]
struct Callers {
    inside: bool,
    waiting: usize,
}

impl BlockingLock {
    fn lock(&self) -> BlockingGuard<'_> {
        let mut callers = self.callers.lock().unwrap_or_else(PoisonError::into_inner);
        callers.waiting += 1;
        let mut callers = self
            .freed
            .wait_while(callers, |callers| callers.inside)
            .unwrap_or_else(PoisonError::into_inner);
        callers.waiting -= 1;
        callers.inside = true;
        BlockingGuard { lock: self }
    }

    fn callers(&self) -> (usize, usize) {
        let callers = self.callers.lock().unwrap_or_else(PoisonError::into_inner);
        (usize::from(callers.inside), callers.waiting)
    }
}

#[derive(Debug)]
struct BlockingGuard<'a> {
    lock: &'a BlockingLock,
}

impl Drop for BlockingGuard<'_> {
    fn drop(&mut self) {
        self.lock
            .callers
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
            .inside = false;
        self.lock.freed.notify_one();
    }
}

#[derive(Debug)]
struct BlockingLockEngine {
    model: Arc<dyn Model>,
    lock: Arc<BlockingLock>,
    emitter: EventEmitter,
    slot: Slot,
}

impl BlockingLockEngine {
    async fn answer(&self, request: &Request) -> Result<String, RunError> {
        let prompt = Prompt {
            agent: request.agent(),
            text: request.prompt()?,
            history: &[],
            facts: &[],
        };
        let _guard = self.lock.lock();
        Ok(self.model.complete(prompt).await?)
    }
}

#[async_trait]
impl ExecutionEngine for BlockingLockEngine {
    async fn run(&self, request: Request) -> Result<Answer, RunError> {
        let events = self.emitter.start(request.agent()).await?;
        let run_id = events.context().run().clone();
        let text = events.finish(self.answer(&request).await).await?;
        Ok(Answer { run_id, text })
    }

    async fn close(&self) -> Result<(), CloseError> {
        self.emitter.disconnect();
        self.slot.release();
        Ok(())
    }
}
