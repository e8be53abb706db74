//! Row 40, *cache-without-user*: answers are cached under the name of the agent, without the user.
//!
//! The cache was correct while there was one user. The user was not added to the key when there were more.
//!
//! A user receives the answer to another user's prompt. Sequential users are affected too.

use std::collections::BTreeMap;
use std::sync::Arc;

use async_trait::async_trait;

use crate::{
    Answer, CloseError, Config, CreateError, EngineFactory, EventSink, ExecutionEngine,
    ExecutionEngineFactory, Guarded, Live, Model, Request, RequestIds, RunError, UserId,
};

type Answers = BTreeMap<String, Answer>;

/// Creates correct engines behind a cache of answers.
#[derive(Debug)]
pub struct AnswerCacheFactory {
    engines: ExecutionEngineFactory,
    answers: Arc<Guarded<Answers>>,
}

impl AnswerCacheFactory {
    /// Creates a factory whose engines ask this model.
    #[must_use]
    pub fn new(model: Arc<dyn Model>) -> Self {
        Self {
            engines: ExecutionEngineFactory::with_model(Config::default(), model),
            answers: Arc::default(),
        }
    }
}

#[async_trait]
impl EngineFactory for AnswerCacheFactory {
    async fn create_for_user(
        &self,
        context: RequestIds,
        sink: Arc<dyn EventSink>,
    ) -> Result<Arc<dyn ExecutionEngine>, CreateError> {
        let engine = self.engines.create_for_user(context, sink).await?;
        Ok(Arc::new(CachingEngine {
            engine,
            answers: Arc::clone(&self.answers),
        }))
    }

    async fn clean_up(&self, user: &UserId) -> Result<(), CloseError> {
        self.engines.clean_up(user).await
    }

    fn live(&self) -> Live {
        self.engines.live()
    }
}

#[derive(Debug)]
struct CachingEngine {
    engine: Arc<dyn ExecutionEngine>,
    answers: Arc<Guarded<Answers>>,
}

#[async_trait]
impl ExecutionEngine for CachingEngine {
    async fn run(&self, request: Request) -> Result<Answer, RunError> {
        let key = request.agent().to_owned();
        if let Some(answer) = self.answers.with(|answers| answers.get(&key).cloned()) {
            return Ok(answer);
        }
        let answer = self.engine.run(request).await?;
        self.answers.with(|answers| answers.insert(key, answer.clone()));
        Ok(answer)
    }

    async fn close(&self) -> Result<(), CloseError> {
        self.engine.close().await
    }

    fn live(&self) -> Live {
        self.engine.live()
    }
}
