//! Row 03, *default-bucket*: drafts are kept by the user's id, if there is one.
//!
//! The owner of a draft became optional when visitors could write drafts too. All visitors have the same owner.

use std::collections::BTreeMap;
use std::sync::Arc;

use async_trait::async_trait;

use crate::legacy::base::{Base, legacy_engine};
use crate::{
    Answer, CloseError, CreateError, EngineFactory, EventSink, ExecutionEngine, Guarded, Live, Model,
    Registry, Request, RequestIds, RunError, UserId,
};

type Drafts = Arc<Guarded<BTreeMap<Option<UserId>, String>>>;

/// Creates engines for users and visitors.
#[derive(Debug)]
pub struct OptionalOwnerFactory {
    model: Arc<dyn Model>,
    registry: Registry,
    drafts: Drafts,
}

impl OptionalOwnerFactory {
    /// Creates a factory whose engines ask this model.
    #[must_use]
    pub fn new(model: Arc<dyn Model>) -> Self {
        Self {
            model,
            registry: Registry::new(usize::MAX),
            drafts: Arc::default(),
        }
    }
}

#[async_trait]
impl EngineFactory for OptionalOwnerFactory {
    async fn create_for_user(
        &self,
        context: RequestIds,
        sink: Arc<dyn EventSink>,
    ) -> Result<Arc<dyn ExecutionEngine>, CreateError> {
        let slot = self.registry.reserve(&context.user)?;
        slot.install(|slot| DraftingEngine {
            drafts: Arc::clone(&self.drafts),
            base: Base::new(&self.model, context, sink, slot),
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
struct DraftingEngine {
    drafts: Drafts,
    base: Base,
}

legacy_engine!(DraftingEngine {
    run(&self, request: Request) -> Result<Answer, RunError> {
        self.base.answering(&request, async |ids| {
            let owner = Some(ids.user.clone()).filter(|user| !user.is_empty());
            let draft = request.prompt()?.to_owned();
            let before = self.drafts.with(|drafts| drafts.insert(owner, draft));
            let answer = self.base.complete(&request).await?;
            Ok(format!("{answer} (your last draft: {})", before.unwrap_or_default()))
        }).await
    }
});
