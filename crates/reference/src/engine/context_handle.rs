use std::collections::BTreeMap;
use std::sync::Arc;

use crate::{ContextHandle, UserExecutionContext};

/// A context is a value: a change makes another one.
impl ContextHandle for UserExecutionContext {
    fn entries(&self) -> BTreeMap<String, String> {
        self.metadata().clone()
    }

    fn with_entry(&self, key: &str, value: &str) -> Arc<dyn ContextHandle> {
        Arc::new(self.clone().with_metadata(key, value))
    }

    fn child(&self, name: &str) -> Option<Arc<dyn ContextHandle>> {
        let child = UserExecutionContext::child(self, name).ok()?;
        Some(Arc::new(child))
    }
}
