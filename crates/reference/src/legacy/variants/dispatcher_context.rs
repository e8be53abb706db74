//! Row 06, *context-overwritten*: a dispatcher stamps events with the context of the run that began last.
//!
//! The dispatcher is one for all, as its connection is. A run sets the context when it begins, so that the functions below need not pass
//! it on.

use std::sync::Arc;

use crate::events::{Event, EventPayload};
use crate::legacy::base::{Base, completed, legacy_engine, legacy_factory, started};
use crate::{Answer, DeliveryError, Guarded, Request, RequestIds, RunError};

legacy_factory! {
    /// Creates engines that send their events by one dispatcher.
    DispatcherFactory { dispatcher: Arc<Dispatcher> = Arc::default() }
    engine |this, ids, sink, slot| DispatchedEngine {
        dispatcher: Arc::clone(&this.dispatcher),
        base: Base::new(&this.model, ids, sink, slot),
    };
}

#[derive(Debug, Default)]
struct Dispatcher {
    current: Guarded<Option<RequestIds>>,
}

impl Dispatcher {
    async fn dispatch(&self, base: &Base, payload: EventPayload) -> Result<(), DeliveryError> {
        let context = self.current.with(|current| current.clone());
        let event = Event::new(context.as_ref().unwrap_or(&base.ids), payload);
        Ok(base.sink()?.deliver(&event).await?)
    }
}

#[derive(Debug)]
struct DispatchedEngine {
    dispatcher: Arc<Dispatcher>,
    base: Base,
}

legacy_engine!(DispatchedEngine {
    run(&self, request: Request) -> Result<Answer, RunError> {
        self.base.check_open()?;
        request.prompt()?;
        let ids = self.base.next_run();
        self.dispatcher.current.with(|current| *current = Some(ids.clone()));
        self.dispatcher.dispatch(&self.base, started(&request)).await?;
        let result = self.base.complete(&request).await;
        self.dispatcher.dispatch(&self.base, completed(&result)).await?;
        Ok(Answer { run_id: ids.run, text: result? })
    }
});
