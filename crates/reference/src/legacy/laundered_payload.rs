//! Row 19, *laundered-payload*: an event of another user is sent with the ids of the recipient.
//!
//! A client that connects receives the recent events, so that it can catch up after a lost connection. After complaints about
//! events with the ids of others, the ids are replaced by those of the recipient.
//!
//! A user receives the prompts and answers of another user, labelled with the user's own ids. Sequential users are affected too.

use std::collections::VecDeque;
use std::sync::Arc;

use async_trait::async_trait;

use crate::events::Event;
use crate::{
    CloseError, Config, CreateError, EngineFactory, EventSink, ExecutionEngine, ExecutionEngineFactory,
    Guarded, Live, Model, RequestIds, SinkClosed, UserId,
};

/// The maximum number of recent events that are kept.
const RECENT: usize = 16;

/// Creates correct engines, and sends the recent events to each client that connects.
#[derive(Debug)]
pub struct CatchUpFactory {
    engines: ExecutionEngineFactory,
    recent: Arc<Guarded<VecDeque<Event>>>,
}

impl CatchUpFactory {
    /// Creates a factory whose engines ask this model.
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
        let recording = RecordingSink {
            sink: Arc::clone(&sink),
            recent: Arc::clone(&self.recent),
        };
        let engine = self
            .engines
            .create_for_user(context.clone(), Arc::new(recording))
            .await?;
        for event in missed {
            // The sink is closed; the first run of the engine reports that.
            if sink.deliver(&relabelled(event, &context)).await.is_err() {
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

fn relabelled(event: Event, recipient: &RequestIds) -> Event {
    Event::new(recipient, event.payload)
}

/// A sink that also keeps the delivered events, for clients that connect later.
#[derive(Debug)]
struct RecordingSink {
    sink: Arc<dyn EventSink>,
    recent: Arc<Guarded<VecDeque<Event>>>,
}

#[async_trait]
impl EventSink for RecordingSink {
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
