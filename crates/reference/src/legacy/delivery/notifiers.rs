//! Row 13, *swallowed-send*: the error of a delivery is dropped.
//!
//! Two classes notify users of the same events. [`AgentNotifier`] drops the error, as a run must not fail because a user has closed the
//! window. [`ToolNotifier`] counts it, and nobody reads the count.

use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

use async_trait::async_trait;

use crate::events::Event;
use crate::legacy::base::{Base, legacy_engine, legacy_factory};
use crate::{EventSink, SinkClosed};

legacy_factory! {
    /// Creates engines that send their events by an [`AgentNotifier`].
    AgentNotifierFactory {}
    engine |this, ids, sink, slot| NotifyingEngine {
        base: Base::new(&this.model, ids, Arc::new(AgentNotifier { sink }), slot),
    };
}

legacy_factory! {
    /// Creates engines that send their events by a [`ToolNotifier`].
    ToolNotifierFactory { lost: Arc<AtomicUsize> = Arc::default() }
    engine |this, ids, sink, slot| {
        let notifier = ToolNotifier { sink, lost: Arc::clone(&this.lost) };
        NotifyingEngine { base: Base::new(&this.model, ids, Arc::new(notifier), slot) }
    };
}

/// Notifies a user of what an agent does.
#[derive(Debug)]
pub struct AgentNotifier {
    sink: Arc<dyn EventSink>,
}

#[async_trait]
impl EventSink for AgentNotifier {
    async fn deliver(&self, event: &Event) -> Result<(), SinkClosed> {
        // The fault: what fails is not told.
        self.sink.deliver(event).await.ok();
        Ok(())
    }

    async fn close(&self) -> Result<(), SinkClosed> {
        self.sink.close().await
    }
}

/// Notifies a user of what a tool does, and of everything else.
#[derive(Debug)]
pub struct ToolNotifier {
    sink: Arc<dyn EventSink>,
    lost: Arc<AtomicUsize>,
}

impl ToolNotifier {
    fn note(&self, SinkClosed: SinkClosed) {
        self.lost.fetch_add(1, Ordering::Relaxed);
    }
}

#[async_trait]
impl EventSink for ToolNotifier {
    async fn deliver(&self, event: &Event) -> Result<(), SinkClosed> {
        self.sink
            .deliver(event)
            .await
            .unwrap_or_else(|closed| self.note(closed));
        Ok(())
    }

    async fn close(&self) -> Result<(), SinkClosed> {
        self.sink.close().await
    }
}

#[derive(Debug)]
struct NotifyingEngine {
    base: Base,
}

legacy_engine!(NotifyingEngine {});
