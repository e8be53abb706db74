//! Row 10, *setter-overwrites-all*: connecting the channel of one user makes it the channel of all users.
//!
//! There used to be one channel, which a loop set in every session. The loop still exists, although each user now has a channel of
//! their own.
//!
//! After B connects, A's events are sent to B. The fault needs two users: B connects while A is connected, then A emits.

use std::collections::BTreeMap;
use std::sync::Arc;

use async_trait::async_trait;

use crate::events::Event;
use crate::{
    CloseError, Config, CreateError, EngineFactory, EventSink, ExecutionEngine, ExecutionEngineFactory,
    Guarded, Live, Model, RequestIds, SinkClosed, UserId,
};

/// Creates correct engines whose events pass through a table of sessions.
#[derive(Debug)]
pub struct SessionSetterFactory {
    engines: ExecutionEngineFactory,
    sessions: Arc<Sessions>,
}

impl SessionSetterFactory {
    /// Creates a factory whose engines ask this model.
    #[must_use]
    pub fn new(model: Arc<dyn Model>) -> Self {
        Self {
            engines: ExecutionEngineFactory::with_model(Config::default(), model),
            sessions: Arc::default(),
        }
    }
}

#[async_trait]
impl EngineFactory for SessionSetterFactory {
    async fn create_for_user(
        &self,
        context: RequestIds,
        sink: Arc<dyn EventSink>,
    ) -> Result<Arc<dyn ExecutionEngine>, CreateError> {
        let session = self.sessions.open();
        self.sessions.set_channel(&sink);
        self.engines.create_for_user(context, Arc::new(session)).await
    }

    async fn clean_up(&self, user: &UserId) -> Result<(), CloseError> {
        self.engines.clean_up(user).await
    }

    fn live(&self) -> Live {
        Live {
            sinks: self.sessions.0.with(|table| table.channels.len()),
            ..self.engines.live()
        }
    }
}

#[derive(Debug, Default)]
struct Sessions(Guarded<Table>);

#[derive(Debug, Default)]
struct Table {
    next: u64,
    channels: BTreeMap<u64, Option<Arc<dyn EventSink>>>,
}

impl Sessions {
    fn open(self: &Arc<Self>) -> Session {
        let number = self.0.with(|table| {
            table.next += 1;
            table.channels.insert(table.next, None);
            table.next
        });
        Session {
            sessions: Arc::clone(self),
            number,
        }
    }

    fn set_channel(&self, channel: &Arc<dyn EventSink>) {
        self.0.with(|table| {
            for session in table.channels.values_mut() {
                *session = Some(Arc::clone(channel));
            }
        });
    }
}

/// The session of a user. Dropping it removes it from the table.
#[derive(Debug)]
struct Session {
    sessions: Arc<Sessions>,
    number: u64,
}

#[async_trait]
impl EventSink for Session {
    async fn deliver(&self, event: &Event) -> Result<(), SinkClosed> {
        let channel = self
            .sessions
            .0
            .with(|table| table.channels.get(&self.number).cloned().flatten());
        channel.ok_or(SinkClosed)?.deliver(event).await
    }
}

impl Drop for Session {
    fn drop(&mut self) {
        self.sessions.0.with(|table| table.channels.remove(&self.number));
    }
}
