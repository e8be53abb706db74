//! Row 19, *laundered-payload*: an event of another user's is relabelled and sent.
//!
//! Who connects is sent the recent events, so that a client that lost its connection catches up. Clients
//! complained of events with foreign ids; since then a sanitizer puts the recipient's ids in.
//!
//! A user receives what another user asked and was answered, labelled as his own. Users one after another
//! suffice.

use std::collections::VecDeque;
use std::sync::Arc;

use async_trait::async_trait;

use crate::events::Event;
use crate::{
    CloseError, Config, CreateError, EngineFactory, EventSink, ExecutionEngine, ExecutionEngineFactory,
    Guarded, Live, Model, RequestIds, SinkClosed, UserId,
};

/// How many events a client may have missed.
const RECENT: usize = 16;

/// Makes sound engines, and sends the recent events to who connects.
#[derive(Debug)]
pub struct CatchUpFactory {
    engines: ExecutionEngineFactory,
    recent: Arc<Guarded<VecDeque<Event>>>,
}

impl CatchUpFactory {
    /// A factory whose engines ask this model.
    #[must_use]
    pub fn new(model: Arc<dyn Model>) -> Self {
        Self {
            engines: ExecutionEngineFactory::with_model(Config::default(), model),
            recent: Arc::default(),
        }
    }
}

#[async_trait]
impl EngineFactory for CatchUpFactory {
    async fn create_for_user(
        &self,
        context: RequestIds,
        sink: Arc<dyn EventSink>,
    ) -> Result<Arc<dyn ExecutionEngine>, CreateError> {
        let missed = self.recent.with(|recent| recent.clone());
        let kept = KeptSink {
            sink: Arc::clone(&sink),
            recent: Arc::clone(&self.recent),
        };
        let engine = self
            .engines
            .create_for_user(context.clone(), Arc::new(kept))
            .await?;
        for event in missed {
            // Nobody is there to catch up; the engine's first run will say so.
            if sink.deliver(&sanitized(event, &context)).await.is_err() {
                break;
            }
        }
        Ok(engine)
    }

    async fn clean_up(&self, user: &UserId) -> Result<(), CloseError> {
        self.engines.clean_up(user).await
    }

    fn live(&self) -> Live {
        self.engines.live()
    }
}

fn sanitized(event: Event, recipient: &RequestIds) -> Event {
    Event::new(recipient, event.payload)
}

/// A sink that also keeps what was delivered, for who connects later.
#[derive(Debug)]
struct KeptSink {
    sink: Arc<dyn EventSink>,
    recent: Arc<Guarded<VecDeque<Event>>>,
}

#[async_trait]
impl EventSink for KeptSink {
    async fn deliver(&self, event: &Event) -> Result<(), SinkClosed> {
        self.sink.deliver(event).await?;
        self.recent.with(|recent| {
            recent.push_back(event.clone());
            if recent.len() > RECENT {
                recent.pop_front();
            }
        });
        Ok(())
    }
}
