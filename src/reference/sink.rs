use std::fmt;

use async_trait::async_trait;
use thiserror::Error;

use super::Guarded;
use crate::events::Event;

/// Where one user's events go: a socket, a stream, a test's observer.
#[async_trait]
pub trait EventSink: fmt::Debug + Send + Sync {
    /// Takes one event. The next comes only after this one was taken.
    ///
    /// # Errors
    ///
    /// Where nobody listens any more.
    async fn deliver(&self, event: &Event) -> Result<(), SinkClosed>;
}

/// Nobody listens at the other end of a sink.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Error)]
#[error("nobody listens for events any more; connect again")]
pub struct SinkClosed;

/// A sink that keeps what it was sent.
#[derive(Debug, Default)]
pub struct Mailbox(Guarded<Vec<Event>>);

impl Mailbox {
    /// What has been delivered, in order.
    #[must_use]
    pub fn events(&self) -> Vec<Event> {
        self.0.with(|events| events.clone())
    }
}

#[async_trait]
impl EventSink for Mailbox {
    async fn deliver(&self, event: &Event) -> Result<(), SinkClosed> {
        // A delivery takes its time; what is dropped meanwhile has not been delivered.
        tokio::task::yield_now().await;
        self.0.with(|events| events.push(event.clone()));
        Ok(())
    }
}
