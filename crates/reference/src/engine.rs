use std::sync::Arc;

use async_trait::async_trait;
use tokio::time::timeout;

use super::call_queue::CallQueue;
use super::tasks::Tasks;
use super::{
    Answer, CloseError, EventEmitter, EventSink, Exchange, ExecutionEngine, Gauge, Live, Prompt, Request,
    RunError, RunEvents, Services, Slot, UserExecutionContext,
};

/// Runs agents for one user, one call at a time.
///
/// A guard owns each resource that a call registers, so that a call that is dropped at an await leaves nothing behind. No
/// call waits for another user.
#[derive(Debug)]
pub struct UserExecutionEngine {
    services: Arc<Services>,
    emitter: EventEmitter,
    queue: CallQueue,
    runs: Gauge,
    tasks: Tasks,
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
        let emitter = EventEmitter::new(context, sink)
            .with_timeout(services.config.delivery_timeout)
            .with_metrics(Arc::clone(&services.metrics));
        Self {
            services,
            emitter,
            queue: CallQueue::new(),
            runs: Gauge::default(),
            tasks: Tasks::default(),
            slot,
        }
    }

    async fn run_with_events(&self, agent: &str, prompt: &str) -> Result<Answer, RunError> {
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
            let called = events.tool(tool.name(), prompt).await?;
            let output = tool
                .call(&context, prompt)
                .await
                .map_err(|source| RunError::Tool {
                    tool: tool.name().to_owned(),
                    source,
                })?;
            called.completed(&output).await?;
            facts.push(output);
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
}

#[async_trait]
impl ExecutionEngine for UserExecutionEngine {
    async fn run(&self, request: Request) -> Result<Answer, RunError> {
        let prompt = request.prompt()?;
        let _running = self.runs.enter();
        let _permit = self.queue.acquire(self.services.config.queue_timeout).await?;
        let tally = self.services.metrics.start_run();
        let result = self.run_with_events(request.agent(), prompt).await;
        tally.finish(&result);
        result
    }

    async fn close(&self) -> Result<(), CloseError> {
        let Some(_permit) = self.queue.close().await else {
            return Ok(());
        };
        let joined = self.tasks.join(self.services.config.close_timeout).await;
        self.queue.reject_waiting();
        self.emitter.disconnect();
        self.slot.release();
        self.services.metrics.count(|counts| counts.engines_closed += 1);
        joined
    }

    fn live(&self) -> Live {
        Live {
            engines: 0,
            runs: self.runs.count(),
            permits: self.queue.permits_in_use(),
            sinks: usize::from(self.emitter.is_connected()),
            tasks: self.tasks.count(),
        }
    }
}
