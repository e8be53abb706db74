use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

use crate::events::{Event, EventPayload, Outcome};
use crate::{
    Answer, CloseError, DeliveryError, EventSink, Gauge, Guarded, Live, Model, Prompt, Request, RequestIds,
    RunError, RunId, SinkClosed, Slot,
};

/// An engine that asks the model and sends the events of its runs, in order, to the sink of its user.
#[derive(Debug)]
pub(in crate::legacy) struct Base {
    pub(in crate::legacy) model: Arc<dyn Model>,
    pub(in crate::legacy) ids: RequestIds,
    pub(in crate::legacy) runs: Gauge,
    pub(in crate::legacy) slot: Slot,
    sink: Guarded<Option<Arc<dyn EventSink>>>,
    calls: AtomicUsize,
}

impl Base {
    pub(in crate::legacy) fn new(
        model: &Arc<dyn Model>,
        ids: RequestIds,
        sink: Arc<dyn EventSink>,
        slot: Slot,
    ) -> Self {
        Self {
            model: Arc::clone(model),
            ids,
            runs: Gauge::default(),
            slot,
            sink: Guarded::new(Some(sink)),
            calls: AtomicUsize::new(0),
        }
    }

    pub(in crate::legacy) fn check_open(&self) -> Result<(), RunError> {
        if self.slot.is_taken() {
            Ok(())
        } else {
            Err(RunError::Closed)
        }
    }

    /// The ids of the next run.
    pub(in crate::legacy) fn next_run(&self) -> RequestIds {
        let number = self.calls.fetch_add(1, Ordering::Relaxed) + 1;
        let mut ids = self.ids.clone();
        if number > 1 {
            ids.run = RunId::new(format!("{}.{number}", ids.run));
        }
        ids
    }

    pub(in crate::legacy) fn sink(&self) -> Result<Arc<dyn EventSink>, DeliveryError> {
        Ok(self.sink.with(|sink| sink.clone()).ok_or(SinkClosed)?)
    }

    pub(in crate::legacy) async fn emit(
        &self,
        ids: &RequestIds,
        payload: EventPayload,
    ) -> Result<(), DeliveryError> {
        Ok(self.sink()?.deliver(&Event::new(ids, payload)).await?)
    }

    pub(in crate::legacy) async fn complete(&self, request: &Request) -> Result<String, RunError> {
        let prompt = Prompt {
            agent: request.agent(),
            text: request.prompt()?,
            history: &[],
            facts: &[],
        };
        Ok(self.model.complete(prompt).await?)
    }

    pub(in crate::legacy) async fn run(&self, request: &Request) -> Result<Answer, RunError> {
        self.run_as(&self.next_run(), request).await
    }

    /// A run whose answer is `answer`'s, which gets the ids of the run.
    pub(in crate::legacy) async fn answering(
        &self,
        request: &Request,
        answer: impl AsyncFnOnce(&RequestIds) -> Result<String, RunError>,
    ) -> Result<Answer, RunError> {
        self.check_open()?;
        request.prompt()?;
        let ids = self.next_run();
        let _running = self.runs.enter();
        self.emit(&ids, started(request)).await?;
        let result = answer(&ids).await;
        self.emit(&ids, completed(&result)).await?;
        Ok(Answer {
            run_id: ids.run,
            text: result?,
        })
    }

    pub(in crate::legacy) async fn run_as(
        &self,
        ids: &RequestIds,
        request: &Request,
    ) -> Result<Answer, RunError> {
        self.check_open()?;
        request.prompt()?;
        let _running = self.runs.enter();
        self.emit(ids, started(request)).await?;
        self.emit(ids, thinking()).await?;
        let result = self.complete(request).await;
        self.emit(ids, completed(&result)).await?;
        Ok(Answer {
            run_id: ids.run.clone(),
            text: result?,
        })
    }

    pub(in crate::legacy) async fn close(&self) -> Result<(), CloseError> {
        self.slot.release();
        let mut ended = CloseError::default();
        if let Some(sink) = self.sink.with(Option::take) {
            ended.sinks += usize::from(sink.close().await.is_err());
        }
        ended.into_result()
    }

    pub(in crate::legacy) fn live(&self) -> Live {
        Live {
            runs: self.runs.count(),
            sinks: usize::from(self.sink.with(|sink| sink.is_some())),
            ..Live::default()
        }
    }
}

pub(in crate::legacy) fn started(request: &Request) -> EventPayload {
    EventPayload::AgentStarted {
        agent_name: request.agent().to_owned(),
    }
}

pub(in crate::legacy) fn thinking() -> EventPayload {
    EventPayload::AgentThinking {
        thought: "let me see".to_owned(),
    }
}

pub(in crate::legacy) fn completed(result: &Result<String, RunError>) -> EventPayload {
    let outcome = match result {
        Ok(answer) => Outcome::Answer(answer.clone()),
        Err(error) => Outcome::Error(error.to_string()),
    };
    EventPayload::AgentCompleted { outcome }
}

/// Implements `ExecutionEngine` for a type with a field `base`; what is not given is that of the base.
macro_rules! legacy_engine {
    ($engine:ty { run $($given:tt)* }) => {
        #[::async_trait::async_trait]
        impl $crate::ExecutionEngine for $engine {
            async fn close(&self) -> Result<(), $crate::CloseError> {
                self.base.close().await
            }

            fn live(&self) -> $crate::Live {
                self.base.live()
            }

            async fn run $($given)*
        }
    };
    ($engine:ty { $($given:tt)* }) => {
        #[::async_trait::async_trait]
        impl $crate::ExecutionEngine for $engine {
            async fn run(&self, request: $crate::Request) -> Result<$crate::Answer, $crate::RunError> {
                self.base.run(&request).await
            }

            async fn close(&self) -> Result<(), $crate::CloseError> {
                self.base.close().await
            }

            fn live(&self) -> $crate::Live {
                self.base.live()
            }

            $($given)*
        }
    };
}

pub(in crate::legacy) use legacy_engine;
