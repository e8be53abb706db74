//! Row 35, *slot-kept-on-error*: a creation that fails keeps its slot.
//!
//! The slot is inserted, then the rest of the identity is validated, as the check came later. The error returns past the removal.

use std::collections::BTreeMap;
use std::sync::Arc;

use async_trait::async_trait;

use crate::legacy::base::{Base, legacy_engine};
use crate::{
    CloseError, CreateError, EngineFactory, EventSink, ExecutionEngine, Guarded, Live, Model, Registry,
    RequestIds, UserExecutionContext, UserId,
};

/// Creates engines, as the canonical factory does, but for the order in which it checks.
#[derive(Debug)]
pub struct ExecutionFactory {
    model: Arc<dyn Model>,
    registry: Registry,
    creating: Guarded<BTreeMap<UserId, usize>>,
}

impl ExecutionFactory {
    /// Creates a factory whose engines ask this model.
    #[must_use]
    pub fn new(model: Arc<dyn Model>) -> Self {
        Self {
            model,
            registry: Registry::new(4),
            creating: Guarded::default(),
        }
    }

    fn change(&self, user: &UserId, change: impl FnOnce(&mut usize)) {
        self.creating
            .with(|creating| change(creating.entry(user.clone()).or_default()));
    }
}

#[async_trait]
impl EngineFactory for ExecutionFactory {
    async fn create_for_user(
        &self,
        context: RequestIds,
        sink: Arc<dyn EventSink>,
    ) -> Result<Arc<dyn ExecutionEngine>, CreateError> {
        let user = context.user.clone();
        self.change(&user, |creating| *creating += 1);
        let ids = UserExecutionContext::new(context)?.ids().clone();
        let slot = self.registry.reserve(&ids.user)?;
        let engine = slot.install(|slot| DuplicateEngine {
            base: Base::new(&self.model, ids, sink, slot),
        })?;
        self.change(&user, |creating| *creating -= 1);
        Ok(engine)
    }

    async fn clean_up(&self, user: &UserId) -> Result<(), CloseError> {
        self.registry.clean_up(user).await
    }

    fn live(&self) -> Live {
        let mut live = self.registry.live();
        live.engines += self.creating.with(|creating| creating.values().sum::<usize>());
        live
    }
}

#[derive(Debug)]
struct DuplicateEngine {
    base: Base,
}

legacy_engine!(DuplicateEngine {});
