//! Row 39, *lock-across-await*: a lock that blocks its thread is held while the model is asked.
//!
//! The lock dates from a time when each call had a thread of its own. The compiler rejects a guard of `std` in a future that moves
//! between threads; the guard of this lock is `Send`, and clippy does not know the lock.
//!
//! No further call is answered: the blocked thread is the one that would have to poll the call that holds the lock. The fault
//! needs this order: A acquires the lock and waits for the model, B acquires the lock.

use std::sync::{Arc, Condvar, Mutex, PoisonError};

use async_trait::async_trait;

use crate::{
    Answer, CloseError, CreateError, EngineFactory, EventEmitter, EventSink, ExecutionEngine, Live, Model,
    Prompt, Registry, Request, RequestIds, RunError, Slot, UserExecutionContext, UserId,
};

/// Creates engines that ask the model while they hold a lock.
#[derive(Debug)]
pub struct BlockingLockFactory {
    model: Arc<dyn Model>,
    registry: Registry,
    lock: Arc<BlockingLock>,
}

impl BlockingLockFactory {
    /// Creates a factory whose engines ask this model.
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
    held: bool,
    waiting: usize,
}

impl BlockingLock {
    fn lock(&self) -> BlockingGuard<'_> {
        let mut callers = self.callers.lock().unwrap_or_else(PoisonError::into_inner);
        callers.waiting += 1;
        let mut callers = self
            .freed
            .wait_while(callers, |callers| callers.held)
            .unwrap_or_else(PoisonError::into_inner);
        callers.waiting -= 1;
        callers.held = true;
        BlockingGuard { lock: self }
    }

    fn callers(&self) -> (usize, usize) {
        let callers = self.callers.lock().unwrap_or_else(PoisonError::into_inner);
        (usize::from(callers.held), callers.waiting)
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
            .held = false;
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
