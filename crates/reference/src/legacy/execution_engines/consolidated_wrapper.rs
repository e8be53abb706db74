//! Row 08, *aliased-copy*: the children of a context share its metadata.
//!
//! `Clone` was derived for the context when steps got contexts of their own. What it clones of the metadata is the `Arc`. An entry that
//! is added by the method for that is in a map of its own; only a child is a clone.

use std::collections::BTreeMap;
use std::sync::Arc;

use crate::legacy::base::{Base, legacy_engine, legacy_factory};
use crate::{ContextHandle, Guarded};

legacy_factory! {
    /// Creates engines whose steps share their metadata.
    ConsolidatedWrapperFactory {}
    engine |this, ids, sink, slot| ConsolidatedExecutionEngineWrapper {
        context: StepContext::default(),
        base: Base::new(&this.model, ids, sink, slot),
    };
}

#[derive(Clone, Debug, Default)]
struct StepContext {
    metadata: Arc<Guarded<BTreeMap<String, String>>>,
    is_step: bool,
}

impl ContextHandle for StepContext {
    fn entries(&self) -> BTreeMap<String, String> {
        self.metadata.with(|metadata| metadata.clone())
    }

    fn with_entry(&self, key: &str, value: &str) -> Arc<dyn ContextHandle> {
        let mut copy = self.clone();
        if !self.is_step {
            copy.metadata = Arc::new(Guarded::new(self.entries()));
        }
        copy.metadata
            .with(|metadata| metadata.insert(key.to_owned(), value.to_owned()));
        Arc::new(copy)
    }

    fn child(&self, _name: &str) -> Option<Arc<dyn ContextHandle>> {
        let mut step = self.clone();
        step.is_step = true;
        Some(Arc::new(step))
    }
}

/// The consolidated engine behind the interface of the one before.
#[derive(Debug)]
pub struct ConsolidatedExecutionEngineWrapper {
    context: StepContext,
    base: Base,
}

legacy_engine!(ConsolidatedExecutionEngineWrapper {
    fn context_handle(&self) -> Option<Arc<dyn ContextHandle>> {
        Some(Arc::new(self.context.clone()))
    }
});
