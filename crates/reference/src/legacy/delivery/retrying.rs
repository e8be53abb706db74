//! Row 15, *duplicated-events*: an event whose acknowledgement is lost is sent again.
//!
//! Connections break, so that a delivery that fails is tried once more. Whether the client has received the event the first time is not
//! known, and nothing in the event says that it is the same one.

use std::sync::Arc;

use async_trait::async_trait;

use crate::events::Event;
use crate::legacy::base::{Base, legacy_engine, legacy_factory};
use crate::{EventSink, SinkClosed};

legacy_factory! {
    /// Creates engines that try deliveries twice.
    RetryingFactory {}
    engine |this, ids, sink, slot| RetryingEngine {
        base: Base::new(&this.model, ids, Arc::new(Retrying { sink }), slot),
    };
}

#[derive(Debug)]
struct Retrying {
    sink: Arc<dyn EventSink>,
}

#[async_trait]
impl EventSink for Retrying {
    async fn deliver(&self, event: &Event) -> Result<(), SinkClosed> {
        match self.sink.deliver(event).await {
            Ok(()) => Ok(()),
            Err(SinkClosed) => self.sink.deliver(event).await,
        }
    }

    async fn close(&self) -> Result<(), SinkClosed> {
        self.sink.close().await
    }
}

#[derive(Debug)]
struct RetryingEngine {
    base: Base,
}

legacy_engine!(RetryingEngine {});
