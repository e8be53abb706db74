//! Row 37, *limit-race*: the limit is checked against a metric, which counts an engine when it has been made.
//!
//! The registry has no limit any more, since the metric counts engines anyway.

use std::collections::BTreeMap;
use std::sync::{Arc, Weak};

use async_trait::async_trait;

use crate::legacy::base::config;
use crate::{
    CloseError, Config, CreateError, EngineFactory, EventSink, ExecutionEngine, ExecutionEngineFactory,
    Guarded, Live, Model, RequestIds, UserId,
};

const LIMIT: usize = 2;

/// Creates engines while a metric is below the limit.
#[derive(Debug)]
pub struct LimitByMetricFactory {
    inner: ExecutionEngineFactory,
    made: Guarded<BTreeMap<UserId, Vec<Weak<dyn ExecutionEngine>>>>,
}

impl LimitByMetricFactory {
    /// Creates a factory whose engines ask this model.
    #[must_use]
    pub fn new(model: Arc<dyn Model>) -> Self {
        let config = Config {
            engines_per_user: usize::MAX,
            ..config()
        };
        Self {
            inner: ExecutionEngineFactory::with_model(config, model),
            made: Guarded::default(),
        }
    }

    fn metric(&self, user: &UserId) -> usize {
        self.made.with(|made| {
            let own = made.entry(user.clone()).or_default();
            own.retain(|engine| engine.strong_count() > 0);
            own.len()
        })
    }
}

#[async_trait]
impl EngineFactory for LimitByMetricFactory {
    async fn create_for_user(
        &self,
        context: RequestIds,
        sink: Arc<dyn EventSink>,
    ) -> Result<Arc<dyn ExecutionEngine>, CreateError> {
        let user = context.user.clone();
        if self.metric(&user) >= LIMIT {
            return Err(CreateError::LimitReached { limit: LIMIT });
        }
        let engine = self.inner.create_for_user(context, sink).await?;
        self.made
            .with(|made| made.entry(user).or_default().push(Arc::downgrade(&engine)));
        Ok(engine)
    }

    async fn clean_up(&self, user: &UserId) -> Result<(), CloseError> {
        self.inner.clean_up(user).await
    }

    fn live(&self) -> Live {
        self.inner.live()
    }

    fn wrapped(&self) -> Option<&dyn EngineFactory> {
        Some(&self.inner)
    }

    fn engine_limit(&self) -> Option<usize> {
        Some(LIMIT)
    }
}
