//! Row 04, *placeholder-identity*: an identity is made up for a caller who has none.
//!
//! Background jobs have no user, and an engine needs one. Where an id is missing, the factory writes `unknown_user` and the time in its
//! place, which is an id like any other from there on.

use std::sync::Arc;

use async_trait::async_trait;
use tokio::time::Instant;

use crate::legacy::base::{Base, legacy_engine};
use crate::{
    CloseError, CreateError, EngineFactory, EventSink, ExecutionEngine, Live, Model, Registry, RequestIds,
    SessionId, UserExecutionContext, UserId,
};

/// Creates engines for users, and for callers without an identity.
#[derive(Debug)]
pub struct LegacyExecutionEngineFactory {
    model: Arc<dyn Model>,
    registry: Registry,
    begun: Instant,
}

impl LegacyExecutionEngineFactory {
    /// Creates a factory whose engines ask this model. It has to be called within a runtime.
    #[must_use]
    pub fn new(model: Arc<dyn Model>) -> Self {
        Self {
            model,
            registry: Registry::new(4),
            begun: Instant::now(),
        }
    }

    fn identify(&self, mut ids: RequestIds) -> Result<RequestIds, CreateError> {
        let now = self.begun.elapsed().as_millis();
        let mut made_up = false;
        if ids.user.trim().is_empty() {
            ids.user = UserId::new(format!("unknown_user_{now}"));
            made_up = true;
        }
        if ids.session.trim().is_empty() {
            ids.session = SessionId::new(format!("unknown_session_{now}"));
            made_up = true;
        }
        if !made_up {
            UserExecutionContext::new(ids.clone())?;
        }
        Ok(ids)
    }
}

#[async_trait]
impl EngineFactory for LegacyExecutionEngineFactory {
    async fn create_for_user(
        &self,
        context: RequestIds,
        sink: Arc<dyn EventSink>,
    ) -> Result<Arc<dyn ExecutionEngine>, CreateError> {
        let ids = self.identify(context)?;
        let slot = self.registry.reserve(&ids.user)?;
        slot.install(|slot| JobExecutionEngine {
            base: Base::new(&self.model, ids, sink, slot),
        })
    }

    async fn clean_up(&self, user: &UserId) -> Result<(), CloseError> {
        self.registry.clean_up(user).await
    }

    fn live(&self) -> Live {
        self.registry.live()
    }
}

#[derive(Debug)]
struct JobExecutionEngine {
    base: Base,
}

legacy_engine!(JobExecutionEngine {});
