//! Row 51, *influence*: whose turn it is, counted over all users, decides how a prompt is answered.
//!
//! Two variants of the agent take turns, to spread the load. The count is the factory's, so a user's variant
//! depends on how many calls the others have made.
//!
//! A user gets another answer than alone, though nobody's data is in it. It takes two users, in whatever
//! order.

use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

use async_trait::async_trait;

use crate::{
    Answer, CloseError, CreateError, EngineFactory, EventEmitter, EventSink, ExecutionEngine, Live, Model,
    Prompt, Registry, Request, RequestIds, RunError, Slot, UserExecutionContext, UserId,
};

/// Makes engines whose variants take turns.
#[derive(Debug)]
pub struct TakingTurnsFactory {
    model: Arc<dyn Model>,
    registry: Registry,
    calls: Arc<AtomicUsize>,
}

impl TakingTurnsFactory {
    /// A factory whose engines ask this model.
    #[must_use]
    pub fn new(model: Arc<dyn Model>) -> Self {
        Self {
            model,
            registry: Registry::new(4),
            calls: Arc::default(),
        }
    }
}

#[async_trait]
impl EngineFactory for TakingTurnsFactory {
    async fn create_for_user(
        &self,
        context: RequestIds,
        sink: Arc<dyn EventSink>,
    ) -> Result<Arc<dyn ExecutionEngine>, CreateError> {
        let context = UserExecutionContext::new(context)?;
        let slot = self.registry.reserve(context.user())?;
        slot.install(|slot| TakingTurnsEngine {
            model: Arc::clone(&self.model),
            calls: Arc::clone(&self.calls),
            emitter: EventEmitter::new(context, sink),
            slot,
        })
    }

    async fn clean_up(&self, user: &UserId) -> Result<(), CloseError> {
        self.registry.clean_up(user).await
    }

    fn live(&self) -> Live {
        self.registry.live()
    }
}

#[derive(Debug)]
struct TakingTurnsEngine {
    model: Arc<dyn Model>,
    calls: Arc<AtomicUsize>,
    emitter: EventEmitter,
    slot: Slot,
}

impl TakingTurnsEngine {
    async fn answer(&self, request: &Request) -> Result<String, RunError> {
        let text = request.prompt()?;
        let first_variant = self.calls.fetch_add(1, Ordering::Relaxed).is_multiple_of(2);
        let variant = if first_variant { "thorough" } else { "brief" };
        let agent = format!("{} ({variant})", request.agent());
        Ok(self
            .model
            .complete(Prompt {
                agent: &agent,
                text,
                history: &[],
                facts: &[],
            })
            .await?)
    }
}

#[async_trait]
impl ExecutionEngine for TakingTurnsEngine {
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
