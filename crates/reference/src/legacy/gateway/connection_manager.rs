//! Row 47, *connection-race*: a new WebSocket is inserted, then the old one is removed under the same key.
//!
//! A client whose connection is cut connects again before the gateway has noticed. When it does notice, it removes what it finds under the session, which is the
//! new connection: the client is connected, and its events wait for a connection.

use std::collections::BTreeMap;
use std::sync::Arc;

use async_trait::async_trait;

use crate::delivery::{Frame, Socket};
use crate::gateway::{ClientSocket, Connections, Gateway, InMemoryRunStore, Limits, TokenKey};
use crate::platform::Platform;
use crate::{Guarded, SessionId, SinkClosed};

/// The canonical gateway with a connection manager, which looks up a session's connection when there is something to send.
#[must_use]
pub fn gateway_with_connection_manager(platform: Platform, tokens: TokenKey) -> Gateway {
    Gateway::with_connections(
        platform,
        tokens,
        Arc::new(InMemoryRunStore::default()),
        Limits::default(),
        Arc::new(ConnectionManager::default()),
    )
}

type Sockets = Arc<Guarded<BTreeMap<SessionId, ClientSocket>>>;

#[derive(Debug, Default)]
struct ConnectionManager(Sockets);

impl Connections for ConnectionManager {
    fn enter(&self, session: &SessionId, socket: &ClientSocket) -> (u64, Arc<dyn Socket>) {
        let before = self
            .0
            .with(|sockets| sockets.insert(session.clone(), socket.clone()));
        if let Some(before) = before {
            before.lose();
        }
        let managed = Managed {
            session: session.clone(),
            sockets: Arc::clone(&self.0),
        };
        (0, Arc::new(managed))
    }

    fn leave(&self, session: &SessionId, _place: u64) {
        self.0.with(|sockets| sockets.remove(session));
    }

    fn remove(&self, session: &SessionId) -> Option<ClientSocket> {
        self.0.with(|sockets| sockets.remove(session))
    }

    fn count(&self) -> usize {
        self.0.with(|sockets| sockets.len())
    }
}

/// Whatever connection the session has when a frame is sent.
#[derive(Debug)]
struct Managed {
    session: SessionId,
    sockets: Sockets,
}

#[async_trait]
impl Socket for Managed {
    async fn send(&self, frame: &Frame) -> Result<(), SinkClosed> {
        let socket = self.sockets.with(|sockets| sockets.get(&self.session).cloned());
        socket.ok_or(SinkClosed)?.send(frame).await
    }
}
