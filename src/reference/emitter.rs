use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::Duration;

use tokio::time::timeout;

use super::{DeliveryError, EventSink, Guarded, Metrics, RunError, SinkClosed, UserExecutionContext};
use crate::events::{Event, EventPayload, Outcome};

/// Sends the events of one engine's runs to the sink of the engine's user.
///
/// It belongs to one engine for life, and knows one context and one sink: there is nothing to look up, and so
/// nobody else whom an event could reach. What comes after what is for the types to say:
/// [`start`](Self::start) gives [`RunEvents`], a tool's answer can only follow its call, and nothing can
/// follow [`RunEvents::finish`].
#[derive(Debug)]
pub struct EventEmitter {
    context: UserExecutionContext,
    sink: Guarded<Option<Arc<dyn EventSink>>>,
    limit: Duration,
    metrics: Arc<Metrics>,
    runs: AtomicUsize,
}

impl EventEmitter {
    /// An emitter for the runs of `context`, whose sink may take 10 s for an event.
    #[must_use]
    pub fn new(context: UserExecutionContext, sink: Arc<dyn EventSink>) -> Self {
        Self {
            context,
            sink: Guarded::new(Some(sink)),
            limit: Duration::from_secs(10),
            metrics: Arc::default(),
            runs: AtomicUsize::new(0),
        }
    }

    /// Gives the sink this long to accept an event.
    #[must_use]
    pub fn within(mut self, limit: Duration) -> Self {
        self.limit = limit;
        self
    }

    /// Counts deliveries here.
    #[must_use]
    pub fn counted_in(mut self, metrics: Arc<Metrics>) -> Self {
        self.metrics = metrics;
        self
    }

    /// Announces one more run of the engine.
    ///
    /// # Errors
    ///
    /// Where the sink did not take the event; the run must not go on.
    pub async fn start(&self, agent: &str) -> Result<RunEvents<'_>, DeliveryError> {
        let number = self.runs.fetch_add(1, Ordering::Relaxed) + 1;
        let run = RunEvents {
            emitter: self,
            context: self.context.for_call(number),
        };
        run.emit(EventPayload::AgentStarted {
            agent_name: agent.to_owned(),
        })
        .await?;
        Ok(run)
    }

    /// Lets go of the sink: from now on nobody listens.
    pub fn disconnect(&self) {
        drop(self.sink.with(Option::take));
    }

    /// True until it is disconnected.
    #[must_use]
    pub fn is_connected(&self) -> bool {
        self.sink.with(|sink| sink.is_some())
    }

    async fn deliver(&self, event: &Event) -> Result<(), DeliveryError> {
        let sink = self.sink.with(|sink| sink.clone()).ok_or(SinkClosed)?;
        let taken = timeout(self.limit, sink.deliver(event)).await;
        Ok(taken.map_err(|_| DeliveryError::Stalled { limit: self.limit })??)
    }
}

/// The events of a run that has been announced.
#[derive(Debug)]
pub struct RunEvents<'a> {
    emitter: &'a EventEmitter,
    context: UserExecutionContext,
}

impl<'a> RunEvents<'a> {
    /// The context of this run.
    #[must_use]
    pub fn context(&self) -> &UserExecutionContext {
        &self.context
    }

    /// Says what the agent considers.
    ///
    /// # Errors
    ///
    /// Where the sink did not take the event; the run must not go on.
    pub async fn thinking(&mut self, thought: impl Into<String>) -> Result<(), DeliveryError> {
        self.emit(EventPayload::AgentThinking {
            thought: thought.into(),
        })
        .await
    }

    /// Says that a tool is called.
    ///
    /// # Errors
    ///
    /// Where the sink did not take the event; the run must not go on.
    pub async fn tool(&mut self, name: &str, input: &str) -> Result<ToolEvents<'_, 'a>, DeliveryError> {
        self.emit(EventPayload::ToolExecuting {
            tool_name: name.to_owned(),
            input: input.to_owned(),
        })
        .await?;
        Ok(ToolEvents {
            run: self,
            name: name.to_owned(),
        })
    }

    /// Says how the run ended, and returns it.
    ///
    /// # Errors
    ///
    /// The run's own error, or else that the sink did not take the event.
    pub async fn finish(self, result: Result<String, RunError>) -> Result<String, RunError> {
        let outcome = match &result {
            Ok(answer) => Outcome::Answer(answer.clone()),
            // Whom nothing reaches cannot be told so.
            Err(RunError::Delivery(_)) => return result,
            Err(error) => Outcome::Error(error.to_string()),
        };
        let told = self.emit(EventPayload::AgentCompleted { outcome }).await;
        // A run's own error says more than that its user could not be told of it; the metrics count both.
        let answer = result?;
        told?;
        Ok(answer)
    }

    async fn emit(&self, payload: EventPayload) -> Result<(), DeliveryError> {
        let taken = self
            .emitter
            .deliver(&Event::new(self.context.ids(), payload))
            .await;
        self.emitter.metrics.count(|counts| match &taken {
            Ok(()) => counts.events_delivered += 1,
            Err(_) => counts.deliveries_failed += 1,
        });
        taken
    }
}

/// The events of a tool that has been called.
#[derive(Debug)]
pub struct ToolEvents<'run, 'a> {
    run: &'run mut RunEvents<'a>,
    name: String,
}

impl ToolEvents<'_, '_> {
    /// Says what the tool answered.
    ///
    /// # Errors
    ///
    /// Where the sink did not take the event; the run must not go on.
    pub async fn answered(self, output: &str) -> Result<(), DeliveryError> {
        self.run
            .emit(EventPayload::ToolCompleted {
                tool_name: self.name,
                output: output.to_owned(),
            })
            .await
    }
}
