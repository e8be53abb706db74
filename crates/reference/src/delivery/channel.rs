use std::sync::Arc;

use async_trait::async_trait;

use super::Socket;
use crate::{EventSink, SinkClosed};

/// Delivers the events of one user, also when the connection to the client is lost and another one takes its place.
#[async_trait]
pub trait Channel: EventSink {
    /// Sends further events to this socket, after those that the client has not received. `received` is the number of the last
    /// frame that the client has received, and 0 if it has received none.
    ///
    /// # Errors
    ///
    /// Returns an error if the connection is lost again meanwhile. The events that were not sent are kept for the next one.
    async fn reconnect(&self, socket: Arc<dyn Socket>, received: u64) -> Result<(), SinkClosed>;
}
