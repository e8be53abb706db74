//! Row 07, *shallow-immutability*: a frozen context holds a map that can be changed.
//!
//! The context became immutable: no field can be set any more. The map of its metadata is behind an `Arc` and a lock, as it was, so
//! that a copy of the context is the same map.

use std::collections::BTreeMap;
use std::sync::Arc;

use crate::legacy::base::{Base, legacy_engine, legacy_factory};
use crate::{ContextHandle, Guarded};

legacy_factory! {
    /// Creates engines whose contexts share their metadata with their copies.
    FrozenContextFactory {}
    engine |this, ids, sink, slot| RequestScopedExecutionEngine {
        context: FrozenContext::default(),
        base: Base::new(&this.model, ids, sink, slot),
    };
}

#[derive(Clone, Debug, Default)]
struct FrozenContext {
    metadata: Arc<Guarded<BTreeMap<String, String>>>,
}

impl ContextHandle for FrozenContext {
    fn entries(&self) -> BTreeMap<String, String> {
        self.metadata.with(|metadata| metadata.clone())
    }

    fn with_entry(&self, key: &str, value: &str) -> Arc<dyn ContextHandle> {
        let copy = self.clone();
        copy.metadata
            .with(|metadata| metadata.insert(key.to_owned(), value.to_owned()));
        Arc::new(copy)
    }

    fn child(&self, _name: &str) -> Option<Arc<dyn ContextHandle>> {
        let own = Guarded::new(self.entries());
        Some(Arc::new(Self {
            metadata: Arc::new(own),
        }))
    }
}

/// A full duplicate of the engine, for one request.
#[derive(Debug)]
pub struct RequestScopedExecutionEngine {
    context: FrozenContext,
    base: Base,
}

legacy_engine!(RequestScopedExecutionEngine {
    fn context_handle(&self) -> Option<Arc<dyn ContextHandle>> {
        Some(Arc::new(self.context.clone()))
    }
});
