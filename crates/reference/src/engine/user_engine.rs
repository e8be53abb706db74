use std::any::type_name;
use std::collections::BTreeMap;
use std::sync::Arc;
use std::time::Duration;

use async_trait::async_trait;
use tokio::time::timeout;

use super::EngineStatistics;
use super::admission::{Admission, Admitted};
use crate::tasks::Tasks;
use crate::{
    Answer, CleanUps, CloseError, ContextHandle, DeprecatedEngine, EventEmitter, EventSink, Exchange,
    ExecutionEngine, Live, Metrics, Prompt, Request, RequestIds, RunError, RunEvents, Services, Slot,
    StatusView, UserExecutionContext,
};

/// Runs agents, tools and pipelines for one user, one call at a time.
///
/// A guard owns each resource that a call registers, so that a call that is dropped at an await leaves nothing behind. No
/// call waits for another user.
#[derive(Debug)]
pub struct UserExecutionEngine {
    pub(super) services: Arc<Services>,
    pub(super) emitter: EventEmitter,
    admission: Admission,
    tally: Metrics,
    tasks: Tasks,
    clean_ups: CleanUps,
    slot: Slot,
}

impl UserExecutionEngine {
    /// Creates an engine for the user of `context` in this slot.
    #[must_use]
    pub fn new(
        context: UserExecutionContext,
        sink: Arc<dyn EventSink>,
        slot: Slot,
        services: Arc<Services>,
    ) -> Self {
        let admission = Admission::new(&services.config, services.permits.of(context.user()));
        let emitter = EventEmitter::new(context, sink)
            .with_timeout(services.config.delivery_timeout)
            .with_metrics(Arc::clone(&services.metrics));
        Self {
            services,
            emitter,
            admission,
            tally: Metrics::default(),
            tasks: Tasks::default(),
            clean_ups: CleanUps::default(),
            slot,
        }
    }

    /// The context of the engine, of which each run has a copy.
    #[must_use]
    pub fn context(&self) -> &UserExecutionContext {
        self.emitter.context()
    }

    /// The last exchanges of the engine's thread, oldest first, at most as many as
    /// [`entries_per_thread`](crate::Config::entries_per_thread).
    pub async fn history(&self) -> Vec<Exchange> {
        let context = self.context();
        let histories = &self.services.histories;
        histories.read(context.user(), context.thread()).await
    }

    /// What the engine has done.
    #[must_use]
    pub fn statistics(&self) -> EngineStatistics {
        self.tally.snapshot().into()
    }

    /// Registers what must be undone when the engine is closed. Clean-ups run last in first out, after the last run.
    pub fn on_close<F>(&self, name: impl Into<String>, clean_up: impl FnOnce() -> F + Send + 'static)
    where
        F: Future<Output = Result<(), String>> + Send + 'static,
    {
        self.clean_ups.add(name, clean_up);
    }

    /// Calls one tool, as a run of its own, and returns its output.
    ///
    /// # Errors
    ///
    /// Returns an error if there is no such tool, if it fails or takes too long, and for what [`run`](ExecutionEngine::run)
    /// does.
    pub async fn run_tool(&self, tool: &str, input: &str) -> Result<String, RunError> {
        self.tallied(async || self.tool_with_events(tool, input).await)
            .await
    }

    pub(super) async fn tool_with_events(&self, tool: &str, input: &str) -> Result<String, RunError> {
        let mut events = self.emitter.start(tool).await?;
        let limit = self.services.config.call_timeout;
        let output = timeout(limit, self.call_tool(&mut events, tool, input)).await;
        events
            .finish(output.unwrap_or(Err(RunError::TimedOut { limit })))
            .await
    }

    pub(super) async fn admit(&self) -> Result<Admitted<'_>, RunError> {
        self.admission.admit(&self.services.config).await
    }

    /// Waits for a permit, does the work, and counts how it ended.
    pub(super) async fn tallied<T, E: From<RunError>>(
        &self,
        work: impl AsyncFnOnce() -> Result<T, E>,
    ) -> Result<T, E> {
        let _admitted = self.admit().await?;
        let (all, own) = (self.services.metrics.start_run(), self.tally.start_run());
        let result = work().await;
        all.finish(&result);
        own.finish(&result);
        result
    }

    async fn call_tool(
        &self,
        events: &mut RunEvents<'_>,
        name: &str,
        input: &str,
    ) -> Result<String, RunError> {
        let tools = &self.services.tools;
        let tool = tools.iter().find(|tool| tool.name() == name);
        let tool = tool.ok_or_else(|| RunError::UnknownTool {
            tool: name.to_owned(),
            known: tools
                .iter()
                .map(|tool| tool.name())
                .collect::<Vec<_>>()
                .join(", "),
        })?;
        let context = events.context().clone();
        let called = events.tool(name, input).await?;
        let output = tool
            .call(&context, input)
            .await
            .map_err(|source| RunError::Tool {
                tool: name.to_owned(),
                source,
            })?;
        called.completed(&output).await?;
        Ok(output)
    }

    pub(super) async fn run_with_events(&self, agent: &str, prompt: &str) -> Result<Answer, RunError> {
        let mut events = self.emitter.start(agent).await?;
        let limit = self.services.config.call_timeout;
        let result = timeout(limit, self.answer(&mut events, agent, prompt)).await;
        let context = events.context().clone();
        let text = events
            .finish(result.unwrap_or(Err(RunError::TimedOut { limit })))
            .await?;
        self.store_transcript(
            &context,
            Exchange {
                prompt: prompt.to_owned(),
                answer: text.clone(),
            },
        );
        Ok(Answer {
            run_id: context.run().clone(),
            text,
        })
    }

    async fn answer(
        &self,
        events: &mut RunEvents<'_>,
        agent: &str,
        prompt: &str,
    ) -> Result<String, RunError> {
        let context = events.context().clone();
        let history = self
            .services
            .histories
            .read(context.user(), context.thread())
            .await;
        events
            .thinking(format!(
                "there are {} earlier exchanges to consider",
                history.len()
            ))
            .await?;
        let mut facts = Vec::new();
        for tool in &self.services.tools {
            facts.push(self.call_tool(events, tool.name(), prompt).await?);
        }
        let asked = Prompt {
            agent,
            text: prompt,
            history: &history,
            facts: &facts,
        };
        let answer = self.services.model.complete(asked).await?;
        let exchange = Exchange {
            prompt: prompt.to_owned(),
            answer: answer.clone(),
        };
        self.services
            .histories
            .append(context.user(), context.thread(), exchange)
            .await;
        Ok(answer)
    }

    /// Stores the transcript in a background task, so that the answer does not wait for it; `close` does.
    fn store_transcript(&self, context: &UserExecutionContext, exchange: Exchange) {
        let services = Arc::clone(&self.services);
        let context = context.clone();
        self.tasks.spawn(async move {
            services
                .transcripts
                .append(context.user(), context.thread(), exchange)
                .await;
        });
    }

    async fn end_well(&self) -> Result<(), CloseError> {
        let mut ended = CloseError::default();
        ended.add(self.tasks.join(self.services.config.close_timeout).await);
        if let Err(failed) = self.clean_ups.run().await {
            ended.clean_ups = failed.failures().len();
        }
        ended.into_result()
    }
}

#[async_trait]
impl ExecutionEngine for UserExecutionEngine {
    async fn run(&self, request: Request) -> Result<Answer, RunError> {
        let prompt = request.prompt()?;
        self.tallied(async || self.run_with_events(request.agent(), prompt).await)
            .await
    }

    async fn close(&self) -> Result<(), CloseError> {
        let Some(_permits) = self.admission.queue().close().await else {
            return Ok(());
        };
        let mut ended = CloseError::default();
        ended.add(self.end_well().await);
        self.admission.queue().reject_waiting();
        let sink = self.emitter.take_sink();
        self.slot.release();
        self.services.metrics.count(|counts| counts.engines_closed += 1);
        if let Some(sink) = sink {
            ended.sinks += usize::from(sink.close().await.is_err());
        }
        let ended = ended.into_result();
        if ended.is_err() {
            self.services.metrics.count(|counts| counts.closes_failed += 1);
        }
        ended
    }

    fn live(&self) -> Live {
        Live {
            engines: 0,
            runs: self.admission.running(),
            permits: self.admission.queue().permits_in_use(),
            sinks: usize::from(self.emitter.is_connected()),
            tasks: self.tasks.count(),
        }
    }

    fn canonical(self: Arc<Self>) -> Result<Arc<UserExecutionEngine>, DeprecatedEngine> {
        if self.slot.is_taken() {
            Ok(self)
        } else {
            Err(DeprecatedEngine::new(type_name::<Self>()))
        }
    }

    async fn run_under(&self, context: RequestIds, request: Request) -> Result<Answer, RunError> {
        let own = self.context().ids();
        if context.user != own.user || context.session != own.session || context.thread != own.thread {
            return Err(RunError::InvalidRequest {
                reason:
                    "the context is another user's, or of another thread or session; create an engine for it"
                        .to_owned(),
            });
        }
        self.run(request).await
    }

    fn context_handle(&self) -> Option<Arc<dyn ContextHandle>> {
        Some(Arc::new(self.context().clone()))
    }

    fn state(&self) -> Option<BTreeMap<String, String>> {
        let (context, done) = (self.context(), self.statistics());
        let exchanges = self.services.histories.count(context.user(), context.thread());
        Some(BTreeMap::from([
            ("user".to_owned(), context.user().to_string()),
            ("exchanges".to_owned(), exchanges.to_string()),
            ("answered".to_owned(), done.answered.to_string()),
            ("failed".to_owned(), done.failed.to_string()),
            ("cancelled".to_owned(), done.cancelled.to_string()),
        ]))
    }

    /// What the engine owns is in fields of its own; only stores that are keyed by user are shared.
    fn attests_isolation(&self) -> Option<bool> {
        Some(true)
    }

    fn status_views(&self) -> Vec<StatusView> {
        let done = self.statistics();
        let ended = usize::try_from(done.answered + done.failed + done.cancelled).unwrap_or(usize::MAX);
        // The one place; a second one would have to be kept equal to it.
        vec![StatusView {
            place: "statistics",
            running: self.admission.running(),
            ended,
        }]
    }

    fn idle_for(&self) -> Option<Duration> {
        (self.admission.running() == 0).then(|| self.admission.last_used().elapsed())
    }
}
