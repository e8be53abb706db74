//! Row 40, *cache-without-user*: answers are cached by the agent's name, without the user's.
//!
//! An agent's answer to its one user was worth keeping. The key was not widened when there were more.
//!
//! A user gets the answer that another user was given. Users one after another suffice.

use std::collections::BTreeMap;
use std::sync::Arc;

use async_trait::async_trait;

use crate::{
    Answer, CloseError, Config, CreateError, EngineFactory, EventSink, ExecutionEngine,
    ExecutionEngineFactory, Guarded, Live, Model, Request, RequestIds, RunError, UserId,
};

type Answers = BTreeMap<String, Answer>;

/// Makes sound engines behind a cache.
#[derive(Debug)]
pub struct AnswerCacheFactory {
    engines: ExecutionEngineFactory,
    answers: Arc<Guarded<Answers>>,
}

impl AnswerCacheFactory {
    /// A factory whose engines ask this model.
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
