//! Row 06, *context-overwritten*: the context of a pooled emitter is replaced while another run still emits through it.
//!
//! Emitters used to be expensive, so there is one for each agent. A run acquires it, which sets the run's context, and emits
//! through it; no run returns it to the pool.
//!
//! Later events of a user have the ids of another user's run. The fault needs this order: A emits, B acquires the emitter of the
//! same agent, A emits. Sequential users are not affected, because every run first sets the context.

use std::collections::BTreeMap;
use std::sync::{Arc, PoisonError, RwLock};

use async_trait::async_trait;

use crate::events::{Event, EventPayload, Outcome};
use crate::{
    Answer, CloseError, CreateError, DeliveryError, EngineFactory, EventSink, ExecutionEngine, Guarded, Live,
    Model, Prompt, Registry, Request, RequestIds, RunError, Slot, UserExecutionContext, UserId,
};

/// Creates engines that emit through a pool of emitters.
#[derive(Debug)]
pub struct PooledEmitterFactory {
    model: Arc<dyn Model>,
    registry: Registry,
    pool: Arc<EmitterPool>,
}

impl PooledEmitterFactory {
    /// Creates a factory whose engines ask this model.
    #[must_use]
    pub fn new(model: Arc<dyn Model>) -> Self {
        Self {
            model,
            registry: Registry::new(4),
            pool: Arc::default(),
        }
    }
}

#[async_trait]
impl EngineFactory for PooledEmitterFactory {
    async fn create_for_user(
        &self,
        context: RequestIds,
        sink: Arc<dyn EventSink>,
    ) -> Result<Arc<dyn ExecutionEngine>, CreateError> {
        let context = UserExecutionContext::new(context)?;
        let slot = self.registry.reserve(context.user())?;
        slot.install(|slot| PooledEmitterEngine {
            model: Arc::clone(&self.model),
            pool: Arc::clone(&self.pool),
            context,
            sink,
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
struct EmitterPool(Guarded<BTreeMap<String, Arc<PooledEmitter>>>);

impl EmitterPool {
    fn acquire(&self, agent: &str, context: &UserExecutionContext) -> Arc<PooledEmitter> {
        let create = || {
            Arc::new(PooledEmitter {
                context: RwLock::new(context.clone()),
            })
        };
        let emitter = self
            .0
            .with(|pool| Arc::clone(pool.entry(agent.to_owned()).or_insert_with(create)));
        *emitter.context.write().unwrap_or_else(PoisonError::into_inner) = context.clone();
        emitter
    }
}

#[derive(Debug)]
struct PooledEmitter {
    context: RwLock<UserExecutionContext>,
}

impl PooledEmitter {
    async fn emit(&self, sink: &dyn EventSink, payload: EventPayload) -> Result<(), DeliveryError> {
        let event = {
            let context = self.context.read().unwrap_or_else(PoisonError::into_inner);
            Event::new(context.ids(), payload)
        };
        Ok(sink.deliver(&event).await?)
    }
}

#[derive(Debug)]
struct PooledEmitterEngine {
    model: Arc<dyn Model>,
    pool: Arc<EmitterPool>,
    context: UserExecutionContext,
    sink: Arc<dyn EventSink>,
    slot: Slot,
}

#[async_trait]
impl ExecutionEngine for PooledEmitterEngine {
    async fn run(&self, request: Request) -> Result<Answer, RunError> {
        if !self.slot.is_taken() {
            return Err(RunError::Closed);
        }
        let text = request.prompt()?;
        let agent = request.agent();
        let emitter = self.pool.acquire(agent, &self.context);
        emitter
            .emit(
                &*self.sink,
                EventPayload::AgentStarted {
                    agent_name: agent.to_owned(),
                },
            )
            .await?;
        let completed = self
            .model
            .complete(Prompt {
                agent,
                text,
                history: &[],
                facts: &[],
            })
            .await;
        let outcome = match &completed {
            Ok(answer) => Outcome::Answer(answer.clone()),
            Err(error) => Outcome::Error(error.to_string()),
        };
        emitter
            .emit(&*self.sink, EventPayload::AgentCompleted { outcome })
            .await?;
        Ok(Answer {
            run_id: self.context.run().clone(),
            text: completed?,
        })
    }

    async fn close(&self) -> Result<(), CloseError> {
        self.slot.release();
        Ok(())
    }
}
