//! Row 38, *starvation*: one permit for all users is held during the slow work of one user.
//!
//! The model used to answer one prompt at a time, so the factory has a single permit. A call that waits too long for it is told to
//! try again.
//!
//! A user is told that the agent is busy, because another user's prompt takes long. The fault needs two concurrent users.

use std::sync::Arc;
use std::time::Duration;

use async_trait::async_trait;
use tokio::sync::Semaphore;
use tokio::time::timeout;

use crate::{
    Answer, CloseError, CreateError, EngineFactory, EventEmitter, EventSink, ExecutionEngine, Live, Model,
    Prompt, Registry, Request, RequestIds, RunError, Slot, UserExecutionContext, UserId,
};

/// Creates engines that share one permit.
#[derive(Debug)]
pub struct GlobalPermitFactory {
    model: Arc<dyn Model>,
    patience: Duration,
    registry: Registry,
    permit: Arc<Semaphore>,
}

impl GlobalPermitFactory {
    /// Creates a factory whose engines ask this model, and wait this long for the permit.
    #[must_use]
    pub fn new(model: Arc<dyn Model>, patience: Duration) -> Self {
        Self {
            model,
            patience,
            registry: Registry::new(4),
            permit: Arc::new(Semaphore::new(1)),
        }
    }
}

#[async_trait]
impl EngineFactory for GlobalPermitFactory {
    async fn create_for_user(
        &self,
        context: RequestIds,
        sink: Arc<dyn EventSink>,
    ) -> Result<Arc<dyn ExecutionEngine>, CreateError> {
        let context = UserExecutionContext::new(context)?;
        let slot = self.registry.reserve(context.user())?;
        slot.install(|slot| GlobalPermitEngine {
            model: Arc::clone(&self.model),
            patience: self.patience,
            permit: Arc::clone(&self.permit),
            emitter: EventEmitter::new(context, sink),
            slot,
        })
    }

    async fn clean_up(&self, user: &UserId) -> Result<(), CloseError> {
        self.registry.clean_up(user).await
    }

    fn live(&self) -> Live {
        Live {
            permits: 1 - self.permit.available_permits(),
            ..self.registry.live()
        }
    }
}

#[derive(Debug)]
struct GlobalPermitEngine {
    model: Arc<dyn Model>,
    patience: Duration,
    permit: Arc<Semaphore>,
    emitter: EventEmitter,
    slot: Slot,
}

impl GlobalPermitEngine {
    async fn answer(&self, request: &Request) -> Result<String, RunError> {
        let prompt = Prompt {
            agent: request.agent(),
            text: request.prompt()?,
            history: &[],
            facts: &[],
        };
        let patience = self.patience;
        let permit = timeout(patience, self.permit.acquire())
            .await
            .map_err(|_| RunError::Busy { patience })?;
        let _permit = permit.map_err(|_| RunError::Closed)?;
        Ok(self.model.complete(prompt).await?)
    }
}

#[async_trait]
impl ExecutionEngine for GlobalPermitEngine {
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
