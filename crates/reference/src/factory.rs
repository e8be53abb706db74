use std::sync::Arc;

use async_trait::async_trait;

use super::{
    CloseError, Config, CreateError, EngineFactory, EventSink, Exchange, ExecutionEngine, Live,
    MetricsSnapshot, Model, Registry, RequestIds, ScriptedModel, Services, ThreadId, UserExecutionContext,
    UserExecutionEngine, UserId,
};

/// Creates a new [`UserExecutionEngine`] for each request to create one.
#[derive(Debug)]
pub struct ExecutionEngineFactory {
    services: Arc<Services>,
    registry: Registry,
}

impl ExecutionEngineFactory {
    /// Creates a factory whose engines ask the default [`ScriptedModel`].
    #[must_use]
    pub fn new(config: Config) -> Self {
        Self::with_model(config, Arc::new(ScriptedModel::default()))
    }

    /// Creates a factory whose engines ask this model.
    #[must_use]
    pub fn with_model(config: Config, model: Arc<dyn Model>) -> Self {
        let registry = Registry::new(config.engines_per_user);
        Self {
            services: Arc::new(Services::new(config, model)),
            registry,
        }
    }

    /// Returns the current counts.
    #[must_use]
    pub fn metrics(&self) -> MetricsSnapshot {
        self.services.metrics.snapshot()
    }

    /// Returns the transcript of a user's thread, oldest exchange first. It includes the last runs of an engine once that
    /// engine has been closed.
    pub async fn transcript(&self, user: &UserId, thread: &ThreadId) -> Vec<Exchange> {
        self.services.transcripts.read(user, thread).await
    }

    /// Closes every engine, and creates no further ones.
    ///
    /// # Errors
    ///
    /// Returns an error if background tasks were aborted or panicked. The factory is shut down nevertheless.
    pub async fn shutdown(&self) -> Result<(), CloseError> {
        self.registry.shut_down().await
    }

    async fn create(
        &self,
        context: RequestIds,
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
        context: RequestIds,
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
