//! Row 44, *diagnostics-leak*: an error message contains the list of all sessions.
//!
//! The list was added to the message for the log of the developers. The client receives the message too.
//!
//! A user reads the ids of other users in an error message. The fault needs a request that fails while other users have engines.

use std::collections::BTreeMap;
use std::sync::Arc;

use async_trait::async_trait;

use crate::{
    Answer, CloseError, Config, CreateError, EngineFactory, EventSink, ExecutionEngine,
    ExecutionEngineFactory, Guarded, Live, Model, Request, RequestIds, RunError, RunId, ThreadId, UserId,
};

type Sessions = Guarded<BTreeMap<u64, Entry>>;

/// Creates correct engines, and adds the list of sessions to their error messages.
#[derive(Debug)]
pub struct VerboseErrorFactory {
    engines: ExecutionEngineFactory,
    next: Guarded<u64>,
    sessions: Arc<Sessions>,
}

impl VerboseErrorFactory {
    /// Creates a factory whose engines ask this model.
    #[must_use]
    pub fn new(model: Arc<dyn Model>) -> Self {
        let engines = ExecutionEngineFactory::with_model(Config::default(), model);
        Self {
            engines,
            next: Guarded::default(),
            sessions: Arc::default(),
        }
    }
}

#[async_trait]
impl EngineFactory for VerboseErrorFactory {
    async fn create_for_user(
        &self,
        context: RequestIds,
        sink: Arc<dyn EventSink>,
    ) -> Result<Arc<dyn ExecutionEngine>, CreateError> {
        let entry = Entry {
            user: context.user.clone(),
            thread: context.thread.clone(),
            run: context.run.clone(),
        };
        let engine = self.engines.create_for_user(context, sink).await?;
        let number = self.next.with(|next| {
            *next += 1;
            *next
        });
        self.sessions.with(|sessions| sessions.insert(number, entry));
        Ok(Arc::new(VerboseErrorEngine {
            engine,
            sessions: Arc::clone(&self.sessions),
            number,
        }))
    }

    async fn clean_up(&self, user: &UserId) -> Result<(), CloseError> {
        self.engines.clean_up(user).await
    }

    fn live(&self) -> Live {
        self.engines.live()
    }
}

/// A session, as error messages show it, with the name of this type.
#[derive(Debug)]
#[expect(dead_code, reason = "read by `Debug`, for the error message")]
struct Entry {
    user: UserId,
    thread: ThreadId,
    run: RunId,
}

#[derive(Debug)]
struct VerboseErrorEngine {
    engine: Arc<dyn ExecutionEngine>,
    sessions: Arc<Sessions>,
    number: u64,
}

#[async_trait]
impl ExecutionEngine for VerboseErrorEngine {
    async fn run(&self, request: Request) -> Result<Answer, RunError> {
        self.engine.run(request).await.map_err(|error| match error {
            RunError::InvalidRequest { reason } => {
                let reason = self
                    .sessions
                    .with(|sessions| format!("{reason}; sessions: {:?}", sessions.values()));
                RunError::InvalidRequest { reason }
            }
            error => error,
        })
    }

    async fn close(&self) -> Result<(), CloseError> {
        self.engine.close().await
    }

    fn live(&self) -> Live {
        self.engine.live()
    }
}

impl Drop for VerboseErrorEngine {
    fn drop(&mut self) {
        self.sessions.with(|sessions| sessions.remove(&self.number));
    }
}
