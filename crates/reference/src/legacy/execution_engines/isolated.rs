//! Row 29, *self-attestation*: the engine always says that it shares nothing.
//!
//! The method was asked for by an audit. The counters of runs are in a static of the factory, as metrics were.

use std::collections::BTreeMap;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

use crate::legacy::base::{Base, legacy_engine, legacy_factory};
use crate::{Answer, Request, RunError};

legacy_factory! {
    /// Creates engines that attest their isolation.
    IsolatedEngineFactory { runs: Arc<AtomicUsize> = Arc::default() }
    engine |this, ids, sink, slot| IsolatedExecutionEngine {
        runs: Arc::clone(&this.runs),
        base: Base::new(&this.model, ids, sink, slot),
    };
}

/// Isolated, by its own account.
#[derive(Debug)]
pub struct IsolatedExecutionEngine {
    runs: Arc<AtomicUsize>,
    base: Base,
}

legacy_engine!(IsolatedExecutionEngine {
    run(&self, request: Request) -> Result<Answer, RunError> {
        self.runs.fetch_add(1, Ordering::Relaxed);
        self.base.run(&request).await
    }

    fn state(&self) -> Option<BTreeMap<String, String>> {
        let runs = self.runs.load(Ordering::Relaxed).to_string();
        Some(BTreeMap::from([("runs".to_owned(), runs)]))
    }

    fn attests_isolation(&self) -> Option<bool> {
        Some(true)
    }
});
