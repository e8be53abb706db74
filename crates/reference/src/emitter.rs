use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::Duration;

use tokio::time::timeout;

use super::{DeliveryError, EventSink, Guarded, Metrics, RunError, SinkClosed, UserExecutionContext};
use crate::events::{Event, EventPayload, Outcome};

/// Sends the events of an engine's runs to the sink of the engine's user.
///
/// An emitter belongs to one engine and has one context and one sink, so that no event can reach another user. The types
/// enforce the order of events: [`start`](Self::start) returns [`RunEvents`], the output of a tool can only follow its call,
/// and no event can follow [`RunEvents::finish`].
#[derive(Debug)]
pub struct EventEmitter {
    context: UserExecutionContext,
    sink: Guarded<Option<Arc<dyn EventSink>>>,
    limit: Duration,
    metrics: Arc<Metrics>,
    runs: AtomicUsize,
}

impl EventEmitter {
    /// Creates an emitter for the runs of `context`. The sink has 10 s to accept an event.
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

    /// Sets how long the sink may take to accept an event.
    #[must_use]
    pub fn with_timeout(mut self, limit: Duration) -> Self {
        self.limit = limit;
        self
    }

    /// Sets the metrics in which deliveries are counted.
    #[must_use]
    pub fn with_metrics(mut self, metrics: Arc<Metrics>) -> Self {
        self.metrics = metrics;
        self
    }

    /// Starts the next run of the engine and sends its first event.
    ///
    /// # Errors
    ///
    /// Returns an error if the sink did not accept the event; the run must stop then.
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

    /// Drops the sink: every further event is an error.
    pub fn disconnect(&self) {
        drop(self.sink.with(Option::take));
    }

    /// Drops the sink, as [`disconnect`](Self::disconnect) does, and returns it, to be closed.
    pub(super) fn take_sink(&self) -> Option<Arc<dyn EventSink>> {
        self.sink.with(Option::take)
    }

    /// The context of the engine, of which each run has a copy.
    pub(super) fn context(&self) -> &UserExecutionContext {
        &self.context
    }

    /// Returns true until [`disconnect`](Self::disconnect) is called.
    #[must_use]
    pub fn is_connected(&self) -> bool {
        self.sink.with(|sink| sink.is_some())
    }

    async fn deliver(&self, event: &Event) -> Result<(), DeliveryError> {
        let sink = self.sink.with(|sink| sink.clone()).ok_or(SinkClosed)?;
        let accepted = timeout(self.limit, sink.deliver(event)).await;
        Ok(accepted.map_err(|_| DeliveryError::Stalled { limit: self.limit })??)
    }
}

/// Sends the events of a run that has started.
#[derive(Debug)]
pub struct RunEvents<'a> {
    emitter: &'a EventEmitter,
    context: UserExecutionContext,
}

impl<'a> RunEvents<'a> {
    /// The context of the run.
    #[must_use]
    pub fn context(&self) -> &UserExecutionContext {
        &self.context
    }

    /// Sends a thought of the agent.
    ///
    /// # Errors
    ///
    /// Returns an error if the sink did not accept the event; the run must stop then.
    pub async fn thinking(&mut self, thought: impl Into<String>) -> Result<(), DeliveryError> {
        self.emit(EventPayload::AgentThinking {
            thought: thought.into(),
        })
        .await
    }

    /// Sends that a tool is called.
    ///
    /// # Errors
    ///
    /// Returns an error if the sink did not accept the event; the run must stop then.
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

    /// Sends the result of the run, and returns it.
    ///
    /// # Errors
    ///
    /// Returns the error of the run, or, for a run without error, that the sink did not accept the event.
    pub async fn finish(self, result: Result<String, RunError>) -> Result<String, RunError> {
        let outcome = match &result {
            Ok(answer) => Outcome::Answer(answer.clone()),
            // A user to whom no event can be delivered cannot be told so.
            Err(RunError::Delivery(_)) => return result,
            Err(error) => Outcome::Error(error.to_string()),
        };
        let delivered = self.emit(EventPayload::AgentCompleted { outcome }).await;
        // The error of the run is more specific than a failed delivery; the metrics count both.
        let answer = result?;
        delivered?;
        Ok(answer)
    }

    async fn emit(&self, payload: EventPayload) -> Result<(), DeliveryError> {
        let accepted = self
            .emitter
            .deliver(&Event::new(self.context.ids(), payload))
            .await;
        self.emitter.metrics.count(|counts| match &accepted {
            Ok(()) => counts.events_delivered += 1,
            Err(_) => counts.deliveries_failed += 1,
        });
        accepted
    }
}

/// Sends the output of a tool that has been called.
#[derive(Debug)]
pub struct ToolEvents<'run, 'a> {
    run: &'run mut RunEvents<'a>,
    name: String,
}

impl ToolEvents<'_, '_> {
    /// Sends the output of the tool.
    ///
    /// # Errors
    ///
    /// Returns an error if the sink did not accept the event; the run must stop then.
    pub async fn completed(self, output: &str) -> Result<(), DeliveryError> {
        self.run
            .emit(EventPayload::ToolCompleted {
                tool_name: self.name,
                output: output.to_owned(),
            })
            .await
    }
}
