//! Row 10, *setter-overwrites-all*: all engines send to the channel that is in one cell.
//!
//! The channel is set by each connection, into a cell that every engine got a handle of before it had a channel.

use std::sync::Arc;

use async_trait::async_trait;

use crate::events::Event;
use crate::legacy::base::{Base, legacy_engine, legacy_factory};
use crate::{EventSink, Guarded, SinkClosed};

legacy_factory! {
    /// Creates engines with one cell for their channels.
    OneChannelCellFactory { cell: Arc<Cell> = Arc::default() }
    engine |this, ids, sink, slot| {
        this.cell.0.with(|channel| *channel = Some(sink));
        CellEngine { base: Base::new(&this.model, ids, Arc::new(Handle(Arc::clone(&this.cell))), slot) }
    };
}

#[derive(Debug, Default)]
struct Cell(Guarded<Option<Arc<dyn EventSink>>>);

#[derive(Debug)]
struct Handle(Arc<Cell>);

#[async_trait]
impl EventSink for Handle {
    async fn deliver(&self, event: &Event) -> Result<(), SinkClosed> {
        let channel = self.0.0.with(|channel| channel.clone());
        channel.ok_or(SinkClosed)?.deliver(event).await
    }
}

#[derive(Debug)]
struct CellEngine {
    base: Base,
}

legacy_engine!(CellEngine {});
