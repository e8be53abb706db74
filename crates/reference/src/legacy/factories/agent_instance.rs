//! Row 28, *test-double-in-production*: a missing notifier is replaced by one that does nothing.
//!
//! Tests make agents without a notifier. The factory asks a registry for the one of the user, under a key that only tests of the registry
//! use, and takes the double where there is none.

use std::collections::BTreeMap;
use std::sync::Arc;

use async_trait::async_trait;

use crate::events::Event;
use crate::legacy::base::{Base, legacy_engine, legacy_factory};
use crate::{EventSink, Guarded, SinkClosed};

legacy_factory! {
    /// Creates engines whose notifier may be missing.
    AgentInstanceFactory { notifiers: Guarded<BTreeMap<String, Arc<dyn EventSink>>> = Guarded::default() }
    engine |this, ids, sink, slot| {
        this.notifiers.with(|notifiers| notifiers.insert(format!("notifier:{}", ids.session), sink));
        let found = this.notifiers.with(|notifiers| notifiers.get(&format!("notifier-{}", ids.session)).cloned());
        let notifier = found.unwrap_or_else(|| Arc::new(NullSink));
        AgentInstanceEngine { base: Base::new(&this.model, ids, notifier, slot) }
    };
}

/// Takes events and does nothing with them.
#[derive(Debug)]
struct NullSink;

#[async_trait]
impl EventSink for NullSink {
    async fn deliver(&self, _event: &Event) -> Result<(), SinkClosed> {
        Ok(())
    }
}

#[derive(Debug)]
struct AgentInstanceEngine {
    base: Base,
}

legacy_engine!(AgentInstanceEngine {});
