//! Row 08, *aliased-copy*: the steps of a run write into one scratch pad.
//!
//! Steps were to hand results to each other, so that the first step makes a scratch pad and each further step gets the same. The run's
//! own context does not show it, and what a step writes there is in the context of every other step.

use std::collections::BTreeMap;
use std::sync::Arc;

use crate::legacy::base::{Base, legacy_engine, legacy_factory};
use crate::{ContextHandle, Guarded};

legacy_factory! {
    /// Creates engines whose steps share a scratch pad.
    ScratchPadFactory {}
    engine |this, ids, sink, slot| ScratchPadEngine {
        run: RunContext::default(),
        base: Base::new(&this.model, ids, sink, slot),
    };
}

type Pad = Arc<Guarded<Vec<(String, String)>>>;

#[derive(Clone, Debug, Default)]
struct RunContext {
    entries: BTreeMap<String, String>,
    pad: Pad,
}

#[derive(Clone, Debug)]
struct StepContext {
    entries: BTreeMap<String, String>,
    pad: Pad,
}

impl ContextHandle for RunContext {
    fn entries(&self) -> BTreeMap<String, String> {
        self.entries.clone()
    }

    fn with_entry(&self, key: &str, value: &str) -> Arc<dyn ContextHandle> {
        let mut longer = self.clone();
        longer.entries.insert(key.to_owned(), value.to_owned());
        Arc::new(longer)
    }

    fn child(&self, name: &str) -> Option<Arc<dyn ContextHandle>> {
        let mut entries = self.entries.clone();
        entries.insert("step".to_owned(), name.to_owned());
        Some(Arc::new(StepContext {
            entries,
            pad: Arc::clone(&self.pad),
        }))
    }
}

impl ContextHandle for StepContext {
    fn entries(&self) -> BTreeMap<String, String> {
        let pad = self.pad.with(|pad| pad.clone());
        self.entries.clone().into_iter().chain(pad).collect()
    }

    fn with_entry(&self, key: &str, value: &str) -> Arc<dyn ContextHandle> {
        self.pad.with(|pad| pad.push((key.to_owned(), value.to_owned())));
        Arc::new(self.clone())
    }

    fn child(&self, _name: &str) -> Option<Arc<dyn ContextHandle>> {
        Some(Arc::new(self.clone()))
    }
}

#[derive(Debug)]
struct ScratchPadEngine {
    run: RunContext,
    base: Base,
}

legacy_engine!(ScratchPadEngine {
    fn context_handle(&self) -> Option<Arc<dyn ContextHandle>> {
        Some(Arc::new(self.run.clone()))
    }
});
