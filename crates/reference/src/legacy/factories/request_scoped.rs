//! Row 28, *test-double-in-production*: an engine that is made before its channel is ready records its events for a test.
//!
//! The channel is passed in by a setter, after construction. Until then events go to a recorder, so that they are not lost in tests. The
//! setter is called by a middleware that is not installed any more.

use std::sync::Arc;

use crate::events::{Event, EventPayload};
use crate::legacy::base::{Base, completed, legacy_engine, legacy_factory, started};
use crate::{Answer, EventSink, Guarded, Mailbox, Request, RequestIds, RunError};

legacy_factory! {
    /// Creates engines whose channel is set later.
    RequestScopedFactory {}
    engine |this, ids, sink, slot| LateChannelEngine {
        channel: Guarded::new(None),
        recorder: Mailbox::default(),
        base: Base::new(&this.model, ids, sink, slot),
    };
}

#[derive(Debug)]
struct LateChannelEngine {
    channel: Guarded<Option<Arc<dyn EventSink>>>,
    recorder: Mailbox,
    base: Base,
}

impl LateChannelEngine {
    async fn emit(&self, ids: &RequestIds, payload: EventPayload) -> Result<(), RunError> {
        let event = Event::new(ids, payload);
        let channel = self.channel.with(|channel| channel.clone());
        let delivered = match channel {
            Some(channel) => channel.deliver(&event).await,
            None => self.recorder.deliver(&event).await,
        };
        Ok(delivered.map_err(crate::DeliveryError::from)?)
    }
}

legacy_engine!(LateChannelEngine {
    run(&self, request: Request) -> Result<Answer, RunError> {
        self.base.check_open()?;
        request.prompt()?;
        let ids = self.base.next_run();
        self.emit(&ids, started(&request)).await?;
        let result = self.base.complete(&request).await;
        self.emit(&ids, completed(&result)).await?;
        Ok(Answer { run_id: ids.run, text: result? })
    }
});
