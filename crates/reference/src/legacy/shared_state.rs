//! Row 01, *shared-state*: the engines of all users share one history.
//!
//! The engine was written for one user, with its state behind an `Arc`, so that clones of the engine share it. The factory, which
//! was added later, clones that `Arc` into the engine of every user.
//!
//! A user receives, in an answer, what an earlier user asked. Sequential users are affected too.

use std::sync::Arc;

use async_trait::async_trait;

use crate::{
    Answer, CloseError, CreateError, EngineFactory, EventEmitter, EventSink, Exchange, ExecutionEngine,
    Guarded, Live, Model, Prompt, Registry, Request, RequestIds, RunError, Slot, UserExecutionContext,
    UserId,
};

/// Creates engines that share one history.
#[derive(Debug)]
pub struct SharedStateFactory {
    model: Arc<dyn Model>,
    registry: Registry,
    state: Arc<Guarded<State>>,
}

impl SharedStateFactory {
    /// Creates a factory whose engines ask this model.
    #[must_use]
    pub fn new(model: Arc<dyn Model>) -> Self {
        Self {
            model,
            registry: Registry::new(4),
            state: Arc::default(),
        }
    }
}

#[async_trait]
impl EngineFactory for SharedStateFactory {
    async fn create_for_user(
        &self,
        context: RequestIds,
        sink: Arc<dyn EventSink>,
    ) -> Result<Arc<dyn ExecutionEngine>, CreateError> {
        let context = UserExecutionContext::new(context)?;
        let slot = self.registry.reserve(context.user())?;
        slot.install(|slot| SharedStateEngine {
            model: Arc::clone(&self.model),
            state: Arc::clone(&self.state),
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

#[derive(Debug, Default)]
struct State {
    history: Vec<Exchange>,
}

#[derive(Debug)]
struct SharedStateEngine {
    model: Arc<dyn Model>,
    state: Arc<Guarded<State>>,
    emitter: EventEmitter,
    slot: Slot,
}

impl SharedStateEngine {
    async fn answer(&self, request: &Request) -> Result<String, RunError> {
        let text = request.prompt()?;
        let history = self.state.with(|state| state.history.clone());
        let prompt = Prompt {
            agent: request.agent(),
            text,
            history: &history,
            facts: &[],
        };
        let answer = self.model.complete(prompt).await?;
        let exchange = Exchange {
            prompt: text.to_owned(),
            answer: answer.clone(),
        };
        self.state.with(|state| state.history.push(exchange));
        Ok(answer)
    }
}

#[async_trait]
impl ExecutionEngine for SharedStateEngine {
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
