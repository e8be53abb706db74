use std::sync::Arc;

use async_trait::async_trait;

use super::{
    CloseError, Config, CreateError, EngineFactory, EventSink, Exchange, ExecutionEngine, Live,
    MetricsSnapshot, Model, Registry, ScriptedModel, Services, UserExecutionContext, UserExecutionEngine,
};
use crate::user::{ThreadId, UserContext, UserId};

/// Makes a [`UserExecutionEngine`] for each user, never the same one twice.
#[derive(Debug)]
pub struct ExecutionEngineFactory {
    services: Arc<Services>,
    registry: Registry,
}

impl ExecutionEngineFactory {
    /// A factory whose engines ask the default [`ScriptedModel`].
    #[must_use]
    pub fn new(config: Config) -> Self {
        Self::with_model(config, Arc::new(ScriptedModel::default()))
    }

    /// A factory whose engines ask this model.
    #[must_use]
    pub fn with_model(config: Config, model: Arc<dyn Model>) -> Self {
        let registry = Registry::new(config.engines_per_user);
        Self {
            services: Arc::new(Services::new(config, model)),
            registry,
        }
    }

    /// What has been done so far.
    #[must_use]
    pub fn metrics(&self) -> MetricsSnapshot {
        self.services.metrics.snapshot()
    }

    /// What was filed of a user's thread, oldest first. An engine's last runs are filed when it has been
    /// closed.
    pub async fn transcript(&self, user: &UserId, thread: &ThreadId) -> Vec<Exchange> {
        self.services.transcripts.read(user, thread).await
    }

    /// Refuses new engines, and closes those that there are.
    ///
    /// # Errors
    ///
    /// Tells of background tasks that did not end well. The factory is shut down all the same.
    pub async fn shutdown(&self) -> Result<(), CloseError> {
        self.registry.shut_down().await
    }

    async fn create(
        &self,
        context: UserContext,
        sink: Arc<dyn EventSink>,
    ) -> Result<Arc<dyn ExecutionEngine>, CreateError> {
        let context = UserExecutionContext::new(context)?;
        let slot = self.registry.reserve(context.user())?;
        self.services.accounts.open(context.user()).await;
        let services = Arc::clone(&self.services);
        slot.install(|slot| UserExecutionEngine::new(context, sink, slot, services))
    }
}

#[async_trait]
impl EngineFactory for ExecutionEngineFactory {
    async fn create_for_user(
        &self,
        context: UserContext,
        sink: Arc<dyn EventSink>,
    ) -> Result<Arc<dyn ExecutionEngine>, CreateError> {
        let created = self.create(context, sink).await;
        self.services.metrics.count(|counts| match &created {
            Ok(_) => counts.engines_created += 1,
            Err(_) => counts.engines_refused += 1,
        });
        created
    }

    async fn clean_up(&self, user: &UserId) -> Result<(), CloseError> {
        self.registry.clean_up(user).await
    }

    fn live(&self) -> Live {
        self.registry.live()
    }
}
