//! Row 46, *counted-attempts*: an event counts as delivered before it is sent.
//!
//! The line that counts stands above the line that sends, which returns early on an error.

use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

use async_trait::async_trait;

use crate::events::Event;
use crate::legacy::base::wrapping_factory;
use crate::{EventSink, MetricsSnapshot, SinkClosed};

wrapping_factory! {
    /// Creates engines whose events count when they are sent.
    CountedSendsFactory { sent: Arc<AtomicU64> = Arc::default() }
    sink |this, sink| CountingSink { sink, sent: Arc::clone(&this.sent) };
    given {
        fn counts(&self) -> Option<MetricsSnapshot> {
            let mut counts = self.inner.counts()?;
            counts.events_delivered = self.sent.load(Ordering::Relaxed);
            Some(counts)
        }
    }
}

#[derive(Debug)]
struct CountingSink {
    sink: Arc<dyn EventSink>,
    sent: Arc<AtomicU64>,
}

#[async_trait]
impl EventSink for CountingSink {
    async fn deliver(&self, event: &Event) -> Result<(), SinkClosed> {
        self.sent.fetch_add(1, Ordering::Relaxed);
        self.sink.deliver(event).await
    }

    async fn close(&self) -> Result<(), SinkClosed> {
        self.sink.close().await
    }
}
