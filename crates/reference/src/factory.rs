use std::sync::Arc;

use async_trait::async_trait;

use super::delivery::{Channel, Socket, UnifiedWebSocketEmitter};
use super::workflow::{AgentRegistry, UserSettings, WorkflowOrchestrator};
use super::{
    CloseError, Config, CreateError, DeprecatedEngine, EngineFactory, EventSink, Exchange, ExecutionEngine,
    Live, MetricsSnapshot, Model, Orchestrator, Registry, RequestIds, ScopeError, ScriptedModel, Services,
    ThreadId, UserExecutionContext, UserExecutionEngine, UserId,
};

/// Creates a new [`UserExecutionEngine`] for each request to create one.
#[derive(Debug)]
pub struct ExecutionEngineFactory {
    services: Arc<Services>,
    registry: Registry,
    settings: AgentRegistry,
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
            settings: AgentRegistry::default(),
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

    /// Creates an engine that works only for the user in `context`, and sends its events to `sink`.
    ///
    /// # Errors
    ///
    /// Returns an error if an id is not valid, if the user has the maximum number of engines, and if the factory is shut down.
    pub async fn create(
        &self,
        context: RequestIds,
        sink: Arc<dyn EventSink>,
    ) -> Result<Arc<UserExecutionEngine>, CreateError> {
        let created = self.create_uncounted(context, sink).await;
        self.services.metrics.count(|counts| match &created {
            Ok(_) => counts.engines_created += 1,
            Err(_) => counts.engines_refused += 1,
        });
        created
    }

    /// Creates an engine, calls `work` with it, and closes it, whether or not `work` returns an error. If the call is dropped, the
    /// engine is dropped too, which aborts its background tasks.
    ///
    /// ```
    /// # #[tokio::main(flavor = "current_thread", start_paused = true)]
    /// # async fn main() -> Result<(), Box<dyn std::error::Error>> {
    /// # use std::sync::Arc;
    /// use ssot_reference::{Config, EngineFactory, ExecutionEngine, ExecutionEngineFactory, Live, Mailbox, Request, RequestIds};
    ///
    /// let factory = ExecutionEngineFactory::new(Config::default());
    /// # let ada = RequestIds { user: "ada".into(), thread: "t".into(), run: "r".into(), session: "s".into() };
    /// let answer = factory
    ///     .with_engine(ada, Arc::new(Mailbox::default()), async |engine| {
    ///         engine.run(Request::new("billing", "what do I owe?")).await
    ///     })
    ///     .await??;
    /// assert!(answer.text.contains("what do I owe?"));
    /// assert_eq!(factory.live(), Live::default());
    /// # Ok(())
    /// # }
    /// ```
    ///
    /// # Errors
    ///
    /// Returns an error if no engine was created, or if it did not close well.
    pub async fn with_engine<T>(
        &self,
        context: RequestIds,
        sink: Arc<dyn EventSink>,
        work: impl AsyncFnOnce(&UserExecutionEngine) -> T,
    ) -> Result<T, ScopeError> {
        let engine = self.create(context, sink).await?;
        let result = work(&engine).await;
        engine.close().await?;
        Ok(result)
    }

    /// Closes the engines that have been idle for longer than [`idle_after`](Config::idle_after). Returns how many were closed
    /// well.
    ///
    /// # Errors
    ///
    /// Returns an error if an engine did not end well. Every idle engine is closed nevertheless.
    pub async fn sweep_idle(&self) -> Result<usize, CloseError> {
        let (swept, ended) = self.registry.sweep(self.services.config.idle_after).await;
        self.services
            .metrics
            .count(|counts| counts.engines_swept += u64::try_from(swept).unwrap_or(u64::MAX));
        ended.map(|()| swept)
    }

    async fn create_uncounted(
        &self,
        context: RequestIds,
        sink: Arc<dyn EventSink>,
    ) -> Result<Arc<UserExecutionEngine>, CreateError> {
        let context = UserExecutionContext::new(context)?;
        let slot = self.registry.reserve(context.user())?;
        self.services.accounts.open(context.user()).await;
        let services = Arc::clone(&self.services);
        slot.install_typed(|slot| UserExecutionEngine::new(context, sink, slot, services))
    }
}

#[async_trait]
impl EngineFactory for ExecutionEngineFactory {
    async fn create_for_user(
        &self,
        context: RequestIds,
        sink: Arc<dyn EventSink>,
    ) -> Result<Arc<dyn ExecutionEngine>, CreateError> {
        Ok(self.create(context, sink).await?)
    }

    async fn clean_up(&self, user: &UserId) -> Result<(), CloseError> {
        self.registry.clean_up(user).await
    }

    fn live(&self) -> Live {
        self.registry.live()
    }

    async fn sweep(&self) -> Option<Result<usize, CloseError>> {
        Some(self.sweep_idle().await)
    }

    fn engine_limit(&self) -> Option<usize> {
        Some(self.services.config.engines_per_user)
    }

    fn footprint(&self) -> Option<usize> {
        Some(self.services.histories.entries() + self.services.transcripts.entries())
    }

    fn counts(&self) -> Option<MetricsSnapshot> {
        Some(self.metrics())
    }

    fn channel(&self, user: &UserId, socket: Arc<dyn Socket>) -> Option<Arc<dyn Channel>> {
        Some(Arc::new(UnifiedWebSocketEmitter::new(user.clone(), socket)))
    }

    fn orchestrator(
        &self,
        engine: Arc<dyn ExecutionEngine>,
    ) -> Option<Result<Box<dyn Orchestrator>, DeprecatedEngine>> {
        Some(match WorkflowOrchestrator::of_any(engine) {
            Ok(orchestrator) => Ok(Box::new(orchestrator)),
            Err(refused) => Err(refused),
        })
    }

    fn settings(&self) -> Option<&dyn UserSettings> {
        Some(&self.settings)
    }
}
