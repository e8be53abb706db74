//! Row 49, *ambient-identity*: tools use "the current user", which is the user of the run that started last.
//!
//! Tools used to read their user from a global variable, which was correct while a thread served one call at a time. Here the
//! global is a field of the factory, so that it is not shared between executions of a test.
//!
//! A user receives data of another user's account. The fault needs this order: A starts a run, B starts a run, a tool of A
//! reads the current user. Sequential users are not affected, because every run first sets the current user.

use std::sync::Arc;

use async_trait::async_trait;

use crate::{
    AccountLookup, AccountStore, Answer, CloseError, CreateError, EngineFactory, EventEmitter, EventSink,
    ExecutionEngine, Guarded, Live, Model, Prompt, Registry, Request, RequestIds, RunError, RunEvents, Slot,
    Tool, UserExecutionContext, UserId,
};

type Current = Guarded<Option<UserExecutionContext>>;

/// Creates engines whose tools use the current user.
#[derive(Debug)]
pub struct AmbientIdentityFactory {
    model: Arc<dyn Model>,
    registry: Registry,
    accounts: Arc<AccountStore>,
    current: Arc<Current>,
}

impl AmbientIdentityFactory {
    /// Creates a factory whose engines ask this model.
    #[must_use]
    pub fn new(model: Arc<dyn Model>) -> Self {
        Self {
            model,
            registry: Registry::new(4),
            accounts: Arc::default(),
            current: Arc::default(),
        }
    }
}

#[async_trait]
impl EngineFactory for AmbientIdentityFactory {
    async fn create_for_user(
        &self,
        context: RequestIds,
        sink: Arc<dyn EventSink>,
    ) -> Result<Arc<dyn ExecutionEngine>, CreateError> {
        let context = UserExecutionContext::new(context)?;
        let slot = self.registry.reserve(context.user())?;
        self.accounts.open(context.user()).await;
        slot.install(|slot| AmbientIdentityEngine {
            model: Arc::clone(&self.model),
            current: Arc::clone(&self.current),
            lookup: AccountLookup::new(Arc::clone(&self.accounts)),
            emitter: EventEmitter::new(context.clone(), sink),
            context,
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
struct AmbientIdentityEngine {
    model: Arc<dyn Model>,
    current: Arc<Current>,
    lookup: AccountLookup,
    context: UserExecutionContext,
    emitter: EventEmitter,
    slot: Slot,
}

impl AmbientIdentityEngine {
    async fn answer(&self, events: &mut RunEvents<'_>, request: &Request) -> Result<String, RunError> {
        let text = request.prompt()?;
        let called = events.tool(self.lookup.name(), text).await?;
        let current = self
            .current
            .with(|current| current.clone())
            .ok_or(RunError::Closed)?;
        let looked_up = self.lookup.call(&current, text).await;
        let account = looked_up.map_err(|source| RunError::Tool {
            tool: self.lookup.name().to_owned(),
            source,
        })?;
        called.completed(&account).await?;
        let prompt = Prompt {
            agent: request.agent(),
            text,
            history: &[],
            facts: &[account],
        };
        Ok(self.model.complete(prompt).await?)
    }
}

#[async_trait]
impl ExecutionEngine for AmbientIdentityEngine {
    async fn run(&self, request: Request) -> Result<Answer, RunError> {
        self.current.with(|current| *current = Some(self.context.clone()));
        let mut events = self.emitter.start(request.agent()).await?;
        let run_id = events.context().run().clone();
        let result = self.answer(&mut events, &request).await;
        let text = events.finish(result).await?;
        Ok(Answer { run_id, text })
    }

    async fn close(&self) -> Result<(), CloseError> {
        self.emitter.disconnect();
        self.slot.release();
        Ok(())
    }
}
