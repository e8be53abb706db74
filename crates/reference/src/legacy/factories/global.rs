//! Row 02, *memoised-instance*: the factory returns the engine of a session to everyone who names the session.
//!
//! A reconnecting client was to get its engine back. The key is the id of the session, which names a connection and not a request, and
//! which is not checked against the user.

use std::collections::BTreeMap;
use std::sync::{Arc, Weak};

use async_trait::async_trait;

use crate::legacy::base::config;
use crate::{
    CloseError, CreateError, EngineFactory, EventSink, ExecutionEngine, ExecutionEngineFactory, Guarded,
    Live, Model, RequestIds, SessionId, UserId,
};

/// Creates an engine for each session.
#[derive(Debug)]
pub struct GlobalEngineFactory {
    inner: ExecutionEngineFactory,
    engines: Guarded<BTreeMap<SessionId, Weak<dyn ExecutionEngine>>>,
}

impl GlobalEngineFactory {
    /// Creates a factory whose engines ask this model.
    #[must_use]
    pub fn new(model: Arc<dyn Model>) -> Self {
        Self {
            inner: ExecutionEngineFactory::with_model(config(), model),
            engines: Guarded::default(),
        }
    }
}

#[async_trait]
impl EngineFactory for GlobalEngineFactory {
    async fn create_for_user(
        &self,
        context: RequestIds,
        sink: Arc<dyn EventSink>,
    ) -> Result<Arc<dyn ExecutionEngine>, CreateError> {
        let session = context.session.clone();
        let known = self
            .engines
            .with(|engines| engines.get(&session).and_then(Weak::upgrade));
        if let Some(engine) = known {
            return Ok(engine);
        }
        let engine = self.inner.create_for_user(context, sink).await?;
        self.engines
            .with(|engines| engines.insert(session, Arc::downgrade(&engine)));
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
}
