use std::collections::BTreeMap;
use std::fmt;

use async_trait::async_trait;
use thiserror::Error;

use super::Guarded;
use crate::events::Event;

/// Receives the events of one user: a socket, a stream, the observer of a test.
#[async_trait]
pub trait EventSink: fmt::Debug + Send + Sync {
    /// Accepts one event. An engine sends the next one only after that.
    ///
    /// # Errors
    ///
    /// Returns an error if the sink is closed.
    async fn deliver(&self, event: &Event) -> Result<(), SinkClosed>;

    /// Accepts one event of a producer that does not use [`Event`], as what is older than the type does. A sink need not.
    ///
    /// # Errors
    ///
    /// Returns an error if the sink takes no such events, or is closed.
    async fn deliver_untyped(&self, _event: &UntypedEvent) -> Result<(), SinkClosed> {
        Err(SinkClosed)
    }

    /// Says that no further event comes. A sink that has nothing to do then needs no method of its own.
    ///
    /// # Errors
    ///
    /// Returns an error if the sink could not end well, as when its buffer could not be flushed.
    async fn close(&self) -> Result<(), SinkClosed> {
        Ok(())
    }
}

/// The fields of an event, without a type that says which they have to be.
pub type UntypedEvent = BTreeMap<&'static str, String>;

/// A sink is closed: nobody receives its events.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Error)]
#[error("nobody listens for events any more; connect again")]
pub struct SinkClosed;

/// A sink that stores the events that it receives.
#[derive(Debug, Default)]
pub struct Mailbox(Guarded<Vec<Event>>);

impl Mailbox {
    /// Returns the delivered events, in order.
    #[must_use]
    pub fn events(&self) -> Vec<Event> {
        self.0.with(|events| events.clone())
    }
}

#[async_trait]
impl EventSink for Mailbox {
    async fn deliver(&self, event: &Event) -> Result<(), SinkClosed> {
        // A delivery yields, as a socket would; an event whose delivery is dropped before that is not stored.
        tokio::task::yield_now().await;
        self.0.with(|events| events.push(event.clone()));
        Ok(())
    }
}
