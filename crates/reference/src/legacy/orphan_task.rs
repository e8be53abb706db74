//! Row 32, *orphan-task*: a task that nobody holds outlives its run and its engine.
//!
//! While a run is answered, a scribe is spawned that keeps the transcript when the run is over. It listens
//! for a notification that reaches only who listens already, and nobody has a handle on it.
//!
//! The scribe is left behind, with the user's transcript, after the engine was closed. It takes this order:
//! the run spawns the scribe, the run ends, the scribe begins to listen. On an idle runtime it begins in
//! time.

use std::sync::Arc;

use async_trait::async_trait;
use tokio::sync::Notify;

use crate::{
    Answer, CloseError, CreateError, EngineFactory, EventEmitter, EventSink, Exchange, ExecutionEngine,
    Gauge, Guarded, Live, Model, Prompt, Registry, Request, RequestIds, RunError, Slot, UserExecutionContext,
    UserId,
};

/// Makes engines that spawn scribes.
#[derive(Debug)]
pub struct OrphanTaskFactory {
    model: Arc<dyn Model>,
    registry: Registry,
    scribes: Gauge,
}

impl OrphanTaskFactory {
    /// A factory whose engines ask this model.
    #[must_use]
    pub fn new(model: Arc<dyn Model>) -> Self {
        Self {
            model,
            registry: Registry::new(4),
            scribes: Gauge::default(),
        }
    }
}

#[async_trait]
impl EngineFactory for OrphanTaskFactory {
    async fn create_for_user(
        &self,
        context: RequestIds,
        sink: Arc<dyn EventSink>,
    ) -> Result<Arc<dyn ExecutionEngine>, CreateError> {
        let context = UserExecutionContext::new(context)?;
        let slot = self.registry.reserve(context.user())?;
        slot.install(|slot| OrphanTaskEngine {
            model: Arc::clone(&self.model),
            scribes: self.scribes.clone(),
            transcript: Arc::default(),
            emitter: EventEmitter::new(context, sink),
            slot,
        })
    }

    async fn clean_up(&self, user: &UserId) -> Result<(), CloseError> {
        self.registry.clean_up(user).await
    }

    fn live(&self) -> Live {
        Live {
            tasks: self.scribes.count(),
            ..self.registry.live()
        }
    }
}

#[derive(Debug)]
struct OrphanTaskEngine {
    model: Arc<dyn Model>,
    scribes: Gauge,
    transcript: Arc<Guarded<Vec<Exchange>>>,
    emitter: EventEmitter,
    slot: Slot,
}

impl OrphanTaskEngine {
    fn spawn_scribe(&self, exchange: Exchange) -> Over {
        let over = Over(Arc::new(Notify::new()));
        let (heard, present, transcript) = (
            Arc::clone(&over.0),
            self.scribes.enter(),
            Arc::clone(&self.transcript),
        );
        // Detached on purpose: the scribe was to end by itself.
        drop(tokio::spawn(async move {
            heard.notified().await;
            transcript.with(|transcript| transcript.push(exchange));
            drop(present);
        }));
        over
    }
}

/// Says that a run is over, also where it is dropped.
#[derive(Debug)]
struct Over(Arc<Notify>);

impl Drop for Over {
    fn drop(&mut self) {
        self.0.notify_waiters();
    }
}

#[async_trait]
impl ExecutionEngine for OrphanTaskEngine {
    async fn run(&self, request: Request) -> Result<Answer, RunError> {
        let text = request.prompt()?;
        let events = self.emitter.start(request.agent()).await?;
        let run_id = events.context().run().clone();
        let prompt = Prompt {
            agent: request.agent(),
            text,
            history: &[],
            facts: &[],
        };
        let asked = self.model.complete(prompt).await;
        let _over = asked.as_ref().ok().map(|answer| {
            self.spawn_scribe(Exchange {
                prompt: text.to_owned(),
                answer: answer.clone(),
            })
        });
        let text = events.finish(asked.map_err(RunError::from)).await?;
        Ok(Answer { run_id, text })
    }

    async fn close(&self) -> Result<(), CloseError> {
        self.emitter.disconnect();
        self.slot.release();
        Ok(())
    }
}
