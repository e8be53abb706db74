use std::sync::Arc;

use async_trait::async_trait;
use tokio::time::timeout;

use super::gate::Gate;
use super::tasks::Tasks;
use super::{
    Answer, CloseError, EventEmitter, EventSink, Exchange, ExecutionEngine, Gauge, Live, Prompt, Request,
    RunError, RunEvents, Services, Slot, UserExecutionContext,
};

/// Runs agents for one user, one call at a time.
///
/// Everything it registers is owned by a guard, so that a call dropped at any await leaves nothing behind,
/// and nothing that it does waits for another user.
#[derive(Debug)]
pub struct UserExecutionEngine {
    services: Arc<Services>,
    emitter: EventEmitter,
    gate: Gate,
    runs: Gauge,
    tasks: Tasks,
    slot: Slot,
}

impl UserExecutionEngine {
    /// An engine for the user of `context` in this slot.
    #[must_use]
    pub fn new(
        context: UserExecutionContext,
        sink: Arc<dyn EventSink>,
        slot: Slot,
        services: Arc<Services>,
    ) -> Self {
        let emitter = EventEmitter::new(context, sink)
            .within(services.config.delivery_timeout)
            .counted_in(Arc::clone(&services.metrics));
        Self {
            services,
            emitter,
            gate: Gate::new(),
            runs: Gauge::default(),
            tasks: Tasks::default(),
            slot,
        }
    }

    async fn announced(&self, agent: &str, prompt: &str) -> Result<Answer, RunError> {
        let mut events = self.emitter.start(agent).await?;
        let limit = self.services.config.call_timeout;
        let worked = timeout(limit, self.work(&mut events, agent, prompt)).await;
        let context = events.context().clone();
        let text = events
            .finish(worked.unwrap_or(Err(RunError::TimedOut { limit })))
            .await?;
        self.file(
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

    async fn work(&self, events: &mut RunEvents<'_>, agent: &str, prompt: &str) -> Result<String, RunError> {
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
            called.answered(&output).await?;
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

    /// Files the transcript behind the user's back, so that the answer need not wait for it; `close` does.
    fn file(&self, context: &UserExecutionContext, exchange: Exchange) {
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
        let _present = self.runs.enter();
        let _turn = self.gate.enter(self.services.config.queue_timeout).await?;
        let tally = self.services.metrics.run_begun();
        let result = self.announced(request.agent(), prompt).await;
        tally.ended(&result);
        result
    }

    async fn close(&self) -> Result<(), CloseError> {
        let Some(_turn) = self.gate.last_turn().await else {
            return Ok(());
        };
        let left = self.tasks.finish(self.services.config.close_timeout).await;
        self.gate.seal();
        self.emitter.disconnect();
        self.slot.release();
        self.services.metrics.count(|counts| counts.engines_closed += 1);
        left
    }

    fn live(&self) -> Live {
        Live {
            engines: 0,
            runs: self.runs.count(),
            permits: self.gate.taken(),
            sinks: usize::from(self.emitter.is_connected()),
            tasks: self.tasks.count(),
        }
    }
}
