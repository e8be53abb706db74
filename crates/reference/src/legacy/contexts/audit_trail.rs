//! Row 07, *shallow-immutability*: each run writes into the context that was handed out before.
//!
//! A context is a list of entries, and to add one makes a longer list. The audit trail was added later, as a cell within the context, so
//! that what is handed out keeps changing.

use std::collections::BTreeMap;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

use crate::legacy::base::{Base, legacy_engine, legacy_factory};
use crate::{Answer, ContextHandle, Request, RunError};

legacy_factory! {
    /// Creates engines whose contexts count their runs.
    AuditTrailFactory {}
    engine |this, ids, sink, slot| AuditedEngine {
        context: Arc::default(),
        base: Base::new(&this.model, ids, sink, slot),
    };
}

#[derive(Debug, Default)]
struct AuditedContext {
    entries: Vec<(String, String)>,
    runs: AtomicUsize,
}

impl AuditedContext {
    fn copy(&self) -> Self {
        Self {
            entries: self.entries.clone(),
            runs: AtomicUsize::new(self.runs.load(Ordering::Relaxed)),
        }
    }
}

impl ContextHandle for AuditedContext {
    fn entries(&self) -> BTreeMap<String, String> {
        let runs = self.runs.load(Ordering::Relaxed).to_string();
        self.entries
            .iter()
            .cloned()
            .chain([("runs".to_owned(), runs)])
            .collect()
    }

    fn with_entry(&self, key: &str, value: &str) -> Arc<dyn ContextHandle> {
        let mut longer = self.copy();
        longer.entries.push((key.to_owned(), value.to_owned()));
        Arc::new(longer)
    }

    fn child(&self, _name: &str) -> Option<Arc<dyn ContextHandle>> {
        Some(Arc::new(self.copy()))
    }
}

#[derive(Debug)]
struct AuditedEngine {
    context: Arc<AuditedContext>,
    base: Base,
}

legacy_engine!(AuditedEngine {
    run(&self, request: Request) -> Result<Answer, RunError> {
        self.context.runs.fetch_add(1, Ordering::Relaxed);
        self.base.run(&request).await
    }

    fn context_handle(&self) -> Option<Arc<dyn ContextHandle>> {
        let context: Arc<dyn ContextHandle> = self.context.clone();
        Some(context)
    }
});
