//! Row 47, *connection-race*: a new socket is inserted, then the old one is removed under the same key.
//!
//! The order is that of the two events, of which the second used to come first. Between them and after them, events go to a socket that is
//! not there, which counts as a user who is away.

use std::collections::BTreeMap;
use std::sync::Arc;

use async_trait::async_trait;
use tokio::task::yield_now;

use crate::delivery::{Channel, Frame, Socket};
use crate::events::Event;
use crate::legacy::base::wrapping_factory;
use crate::{EventSink, Guarded, SinkClosed, UserId};

type Sockets = Arc<Guarded<BTreeMap<UserId, Arc<dyn Socket>>>>;

wrapping_factory! {
    /// Creates canonical engines, and channels of a connection manager.
    ConnectionManagerFactory { sockets: Sockets = Arc::default() }
    given {
        fn channel(&self, user: &UserId, socket: Arc<dyn Socket>) -> Option<Arc<dyn Channel>> {
            self.sockets.with(|sockets| sockets.insert(user.clone(), socket));
            Some(Arc::new(Managed { user: user.clone(), sockets: Arc::clone(&self.sockets) }))
        }
    }
}

#[derive(Debug)]
struct Managed {
    user: UserId,
    sockets: Sockets,
}

#[async_trait]
impl EventSink for Managed {
    async fn deliver(&self, event: &Event) -> Result<(), SinkClosed> {
        let socket = self.sockets.with(|sockets| sockets.get(&self.user).cloned());
        if let Some(socket) = socket {
            let frame = Frame {
                number: 0,
                event: event.clone(),
            };
            socket.send(&frame).await?;
        }
        Ok(())
    }
}

#[async_trait]
impl Channel for Managed {
    async fn reconnect(&self, socket: Arc<dyn Socket>, _received: u64) -> Result<(), SinkClosed> {
        self.sockets
            .with(|sockets| sockets.insert(self.user.clone(), socket));
        yield_now().await;
        self.sockets.with(|sockets| sockets.remove(&self.user));
        Ok(())
    }
}
