//! Row 51, *influence*: a counter over the calls of all users selects the variant of the agent that answers.
//!
//! Two variants of the agent alternate, to balance the load. The counter belongs to the factory, so the variant that a user gets
//! depends on the number of calls of other users.
//!
//! A user receives a different answer than alone, which contains no data of another user. The fault needs two users, in any
//! order.

use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

use async_trait::async_trait;

use crate::{
    Answer, CloseError, CreateError, EngineFactory, EventEmitter, EventSink, ExecutionEngine, Live, Model,
    Prompt, Registry, Request, RequestIds, RunError, Slot, UserExecutionContext, UserId,
};

/// Creates engines whose variants of the agent alternate.
#[derive(Debug)]
pub struct AlternatingVariantsFactory {
    model: Arc<dyn Model>,
    registry: Registry,
    calls: Arc<AtomicUsize>,
}

impl AlternatingVariantsFactory {
    /// Creates a factory whose engines ask this model.
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
impl EngineFactory for AlternatingVariantsFactory {
    async fn create_for_user(
        &self,
        context: RequestIds,
        sink: Arc<dyn EventSink>,
    ) -> Result<Arc<dyn ExecutionEngine>, CreateError> {
        let context = UserExecutionContext::new(context)?;
        let slot = self.registry.reserve(context.user())?;
        slot.install(|slot| AlternatingVariantsEngine {
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
struct AlternatingVariantsEngine {
    model: Arc<dyn Model>,
    calls: Arc<AtomicUsize>,
    emitter: EventEmitter,
    slot: Slot,
}

impl AlternatingVariantsEngine {
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
impl ExecutionEngine for AlternatingVariantsEngine {
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
