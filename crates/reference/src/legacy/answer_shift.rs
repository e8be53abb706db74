//! Row 50, *answer-shift*: a cancelled call leaves its answer on the connection, and the next call reads it.
//!
//! The model is reached over one connection: a call writes its prompt, waits, and reads the next answer. A lock keeps two calls
//! from overlapping, but a call that is dropped between the write and the read releases the lock and leaves its answer unread.
//!
//! A user receives the answer to another user's prompt, and so does every later call. The fault needs a call that is dropped
//! while it waits for the answer.

use std::collections::VecDeque;
use std::sync::Arc;
use std::time::Duration;

use async_trait::async_trait;
use tokio::sync::Mutex;

use crate::{
    CloseError, Config, CreateError, EngineFactory, EventSink, ExecutionEngine, ExecutionEngineFactory,
    Guarded, Live, Model, ModelError, Prompt, RequestIds, ScriptedModel, UserId,
};

/// Creates correct engines that ask the model over one connection.
#[derive(Debug)]
pub struct PipelinedConnectionFactory(ExecutionEngineFactory);

impl PipelinedConnectionFactory {
    /// Creates a factory whose connection takes this long for an answer.
    #[must_use]
    pub fn new(latency: Duration) -> Self {
        let connection = Connection {
            latency,
            in_use: Mutex::default(),
            answers: Guarded::default(),
        };
        Self(ExecutionEngineFactory::with_model(
            Config::default(),
            Arc::new(connection),
        ))
    }
}

#[async_trait]
impl EngineFactory for PipelinedConnectionFactory {
    async fn create_for_user(
        &self,
        context: RequestIds,
        sink: Arc<dyn EventSink>,
    ) -> Result<Arc<dyn ExecutionEngine>, CreateError> {
        self.0.create_for_user(context, sink).await
    }

    async fn clean_up(&self, user: &UserId) -> Result<(), CloseError> {
        self.0.clean_up(user).await
    }

    fn live(&self) -> Live {
        self.0.live()
    }
}

#[derive(Debug)]
struct Connection {
    latency: Duration,
    in_use: Mutex<()>,
    /// The answers that have arrived and are not read yet.
    answers: Guarded<VecDeque<String>>,
}

impl Connection {
    /// Sends a prompt. The remote side answers it whether or not the answer is read.
    fn write(&self, prompt: Prompt<'_>) {
        self.answers
            .with(|answers| answers.push_back(ScriptedModel::answer(prompt)));
    }

    async fn read(&self) -> Result<String, ModelError> {
        tokio::task::yield_now().await;
        tokio::time::sleep(self.latency).await;
        self.answers
            .with(VecDeque::pop_front)
            .ok_or_else(|| ModelError::new("the connection was lost; try again"))
    }
}

#[async_trait]
impl Model for Connection {
    async fn complete(&self, prompt: Prompt<'_>) -> Result<String, ModelError> {
        let _in_use = self.in_use.lock().await;
        self.write(prompt);
        self.read().await
    }
}
