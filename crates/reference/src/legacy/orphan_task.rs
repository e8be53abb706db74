//! Row 32, *orphan-task*: a task without an owner outlives its run and its engine.
//!
//! A run spawns a task that stores the transcript when the run has ended. The task waits for a notification that reaches only
//! those who wait already, and nothing keeps a handle of the task.
//!
//! The task, with the user's transcript, remains after the engine was closed. The fault needs this order: the run spawns the task,
//! the run ends, the task starts to wait. On an idle runtime the task starts in time.

use std::sync::Arc;

use async_trait::async_trait;
use tokio::sync::Notify;

use crate::{
    Answer, CloseError, CreateError, EngineFactory, EventEmitter, EventSink, Exchange, ExecutionEngine,
    Gauge, Guarded, Live, Model, Prompt, Registry, Request, RequestIds, RunError, Slot, UserExecutionContext,
    UserId,
};

/// Creates engines that spawn a transcript task for each run.
#[derive(Debug)]
pub struct OrphanTaskFactory {
    model: Arc<dyn Model>,
    registry: Registry,
    transcript_tasks: Gauge,
}

impl OrphanTaskFactory {
    /// Creates a factory whose engines ask this model.
    #[must_use]
    pub fn new(model: Arc<dyn Model>) -> Self {
        Self {
            model,
            registry: Registry::new(4),
            transcript_tasks: Gauge::default(),
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
            transcript_tasks: self.transcript_tasks.clone(),
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
            tasks: self.transcript_tasks.count(),
            ..self.registry.live()
        }
    }
}

#[derive(Debug)]
struct OrphanTaskEngine {
    model: Arc<dyn Model>,
    transcript_tasks: Gauge,
    transcript: Arc<Guarded<Vec<Exchange>>>,
    emitter: EventEmitter,
    slot: Slot,
}

impl OrphanTaskEngine {
    fn spawn_transcript_task(&self, exchange: Exchange) -> EndOfRun {
        let end = EndOfRun(Arc::new(Notify::new()));
        let (ended, counted, transcript) = (
            Arc::clone(&end.0),
            self.transcript_tasks.enter(),
            Arc::clone(&self.transcript),
        );
        // Detached, which is the fault: the task is expected to end by itself.
        drop(tokio::spawn(async move {
            ended.notified().await;
            transcript.with(|transcript| transcript.push(exchange));
            drop(counted);
        }));
        end
    }
}

/// Notifies the transcript task when a run ends or is dropped.
#[derive(Debug)]
struct EndOfRun(Arc<Notify>);

impl Drop for EndOfRun {
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
        let completed = self.model.complete(prompt).await;
        let _end = completed.as_ref().ok().map(|answer| {
            self.spawn_transcript_task(Exchange {
                prompt: text.to_owned(),
                answer: answer.clone(),
            })
        });
        let text = events.finish(completed.map_err(RunError::from)).await?;
        Ok(Answer { run_id, text })
    }

    async fn close(&self) -> Result<(), CloseError> {
        self.emitter.disconnect();
        self.slot.release();
        Ok(())
    }
}
