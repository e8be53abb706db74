//! Row 03, *default-bucket*: callers without an identity share the history of a placeholder user.
//!
//! The engine is older than the login. When users were introduced, callers without an id got the key `default`, so that existing
//! callers continued to work.
//!
//! A caller without an identity receives, in an answer, what another such caller asked. Sequential callers are affected too.

use std::collections::BTreeMap;
use std::sync::Arc;

use async_trait::async_trait;

use crate::events::{Event, EventPayload, Outcome};
use crate::{
    Answer, CloseError, CreateError, DeliveryError, EngineFactory, EventSink, Exchange, ExecutionEngine,
    Guarded, Live, Model, Prompt, Registry, Request, RequestIds, RunError, Slot, UserId,
};

type Histories = BTreeMap<UserId, Vec<Exchange>>;

/// Creates engines for callers with or without an identity.
#[derive(Debug)]
pub struct DefaultBucketFactory {
    model: Arc<dyn Model>,
    registry: Registry,
    histories: Arc<Guarded<Histories>>,
}

impl DefaultBucketFactory {
    /// Creates a factory whose engines ask this model.
    #[must_use]
    pub fn new(model: Arc<dyn Model>) -> Self {
        // All callers without an identity count as one user, so there must be no limit.
        Self {
            model,
            registry: Registry::new(usize::MAX),
            histories: Arc::default(),
        }
    }
}

#[async_trait]
impl EngineFactory for DefaultBucketFactory {
    async fn create_for_user(
        &self,
        mut context: RequestIds,
        sink: Arc<dyn EventSink>,
    ) -> Result<Arc<dyn ExecutionEngine>, CreateError> {
        if context.user.is_empty() {
            context.user = UserId::new("default");
        }
        let slot = self.registry.reserve(&context.user)?;
        slot.install(|slot| DefaultBucketEngine {
            model: Arc::clone(&self.model),
            histories: Arc::clone(&self.histories),
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

#[derive(Debug)]
struct DefaultBucketEngine {
    model: Arc<dyn Model>,
    histories: Arc<Guarded<Histories>>,
    context: RequestIds,
    sink: Arc<dyn EventSink>,
    slot: Slot,
}

impl DefaultBucketEngine {
    async fn answer(&self, request: &Request) -> Result<String, RunError> {
        let text = request.prompt()?;
        let history = self
            .histories
            .with(|all| all.get(&self.context.user).cloned().unwrap_or_default());
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
        self.histories
            .with(|all| all.entry(self.context.user.clone()).or_default().push(exchange));
        Ok(answer)
    }

    async fn emit(&self, payload: EventPayload) -> Result<(), DeliveryError> {
        Ok(self.sink.deliver(&Event::new(&self.context, payload)).await?)
    }
}

#[async_trait]
impl ExecutionEngine for DefaultBucketEngine {
    async fn run(&self, request: Request) -> Result<Answer, RunError> {
        if !self.slot.is_taken() {
            return Err(RunError::Closed);
        }
        self.emit(EventPayload::AgentStarted {
            agent_name: request.agent().to_owned(),
        })
        .await?;
        let result = self.answer(&request).await;
        let outcome = match &result {
            Ok(text) => Outcome::Answer(text.clone()),
            Err(error) => Outcome::Error(error.to_string()),
        };
        self.emit(EventPayload::AgentCompleted { outcome }).await?;
        Ok(Answer {
            run_id: self.context.run.clone(),
            text: result?,
        })
    }

    async fn close(&self) -> Result<(), CloseError> {
        self.slot.release();
        Ok(())
    }
}
