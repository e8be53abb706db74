//! Row 14, *reordered-events*: events of the end of a run have a lane of their own.
//!
//! The start and the end of a run are what users wait for, so that they are sent at once. What a run thinks may wait, and a task sends it
//! later.

use std::collections::VecDeque;
use std::sync::Arc;

use async_trait::async_trait;

use crate::events::{Event, EventKind};
use crate::legacy::base::{Base, legacy_engine, legacy_factory};
use crate::{EventSink, Guarded, SinkClosed};

legacy_factory! {
    /// Creates engines that send their events over two lanes.
    PriorityLanesFactory {}
    engine |this, ids, sink, slot| LanedEngine {
        base: Base::new(&this.model, ids, Arc::new(PriorityLanes::new(sink)), slot),
    };
}

#[derive(Debug)]
struct PriorityLanes {
    sink: Arc<dyn EventSink>,
    waiting: Arc<Guarded<VecDeque<Event>>>,
}

impl PriorityLanes {
    fn new(sink: Arc<dyn EventSink>) -> Self {
        Self {
            sink,
            waiting: Arc::default(),
        }
    }

    async fn flush(sink: &dyn EventSink, waiting: &Guarded<VecDeque<Event>>) -> Result<(), SinkClosed> {
        while let Some(event) = waiting.with(VecDeque::pop_front) {
            sink.deliver(&event).await?;
        }
        Ok(())
    }
}

#[async_trait]
impl EventSink for PriorityLanes {
    async fn deliver(&self, event: &Event) -> Result<(), SinkClosed> {
        if matches!(event.kind(), EventKind::AgentStarted | EventKind::AgentCompleted) {
            self.sink.deliver(event).await?;
            return Self::flush(&*self.sink, &self.waiting).await;
        }
        self.waiting.with(|waiting| waiting.push_back(event.clone()));
        Ok(())
    }

    async fn close(&self) -> Result<(), SinkClosed> {
        self.sink.close().await
    }
}

#[derive(Debug)]
struct LanedEngine {
    base: Base,
}

legacy_engine!(LanedEngine {});
