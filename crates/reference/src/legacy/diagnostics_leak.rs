//! Row 44, *diagnostics-leak*: an error shows the whole roster of sessions.
//!
//! The text of the error is what a developer wanted to see in a log. The client is shown it too.
//!
//! A user reads the ids of the other users in an error. It takes a request that fails while others are there.

use std::collections::BTreeMap;
use std::sync::Arc;

use async_trait::async_trait;

use crate::{
    Answer, CloseError, Config, CreateError, EngineFactory, EventSink, ExecutionEngine,
    ExecutionEngineFactory, Guarded, Live, Model, Request, RequestIds, RunError, RunId, ThreadId, UserId,
};

type Roster = Guarded<BTreeMap<u64, Entry>>;

/// Makes sound engines, whose errors are made more useful.
#[derive(Debug)]
pub struct TalkativeErrorFactory {
    engines: ExecutionEngineFactory,
    next: Guarded<u64>,
    roster: Arc<Roster>,
}

impl TalkativeErrorFactory {
    /// A factory whose engines ask this model.
    #[must_use]
    pub fn new(model: Arc<dyn Model>) -> Self {
        let engines = ExecutionEngineFactory::with_model(Config::default(), model);
        Self {
            engines,
            next: Guarded::default(),
            roster: Arc::default(),
        }
    }
}

#[async_trait]
impl EngineFactory for TalkativeErrorFactory {
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
        self.roster.with(|roster| roster.insert(number, entry));
        Ok(Arc::new(TalkativeEngine {
            engine,
            roster: Arc::clone(&self.roster),
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

/// Who is there.
#[derive(Debug)]
#[expect(dead_code, reason = "read by `Debug`, in the text of errors")]
struct Entry {
    user: UserId,
    thread: ThreadId,
    run: RunId,
}

#[derive(Debug)]
struct TalkativeEngine {
    engine: Arc<dyn ExecutionEngine>,
    roster: Arc<Roster>,
    number: u64,
}

#[async_trait]
impl ExecutionEngine for TalkativeEngine {
    async fn run(&self, request: Request) -> Result<Answer, RunError> {
        self.engine.run(request).await.map_err(|error| match error {
            RunError::InvalidRequest { reason } => {
                let reason = self
                    .roster
                    .with(|roster| format!("{reason}; sessions: {:?}", roster.values()));
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

impl Drop for TalkativeEngine {
    fn drop(&mut self) {
        self.roster.with(|roster| roster.remove(&self.number));
    }
}
