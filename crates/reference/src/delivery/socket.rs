use std::fmt;

use async_trait::async_trait;
use serde::{Deserialize, Serialize};

use crate::SinkClosed;
use crate::events::Event;

/// An event on its way to a client, with its place in the order of all events of the channel.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Frame {
    /// The number of the event, from 1.
    pub number: u64,
    /// The event.
    #[serde(flatten)]
    pub event: Event,
}

/// One connection to a client.
#[async_trait]
pub trait Socket: fmt::Debug + Send + Sync {
    /// Sends a frame, and waits until the client acknowledges it.
    ///
    /// # Errors
    ///
    /// Returns an error if the connection is lost. Whether the client has received the frame is then not known.
    async fn send(&self, frame: &Frame) -> Result<(), SinkClosed>;
}
