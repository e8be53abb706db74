//! Row 47, *connection-race*: a client connects again before its old connection has ended; when that one ends, the new one is removed
//! under the same key.
//!
//! A user waits for events that are never sent.

use std::collections::BTreeMap;
use std::sync::Arc;

use async_trait::async_trait;

use crate::delivery::{Frame, Socket};
use crate::gateway::{ClientSocket, Connections, Gateway, TokenKey};
use crate::platform::Platform;
use crate::{Guarded, SessionId, SinkClosed};

/// A gateway whose connections are removed by session, whichever has ended.
#[must_use]
pub fn removed_by_key(platform: Platform, tokens: TokenKey) -> Gateway {
    Gateway::keeping(platform, tokens, Box::new(ByKey::default()))
}

#[derive(Debug, Default)]
struct ByKey(Arc<Guarded<BTreeMap<SessionId, ClientSocket>>>);

impl Connections for ByKey {
    fn open(&self, session: &SessionId, socket: ClientSocket) -> (u64, Arc<dyn Socket>) {
        let before = self.0.with(|sockets| sockets.insert(session.clone(), socket));
        if let Some(before) = before {
            before.lose();
        }
        let looked_up = LookedUp {
            sockets: Arc::clone(&self.0),
            session: session.clone(),
        };
        (0, Arc::new(looked_up))
    }

    fn close(&self, session: &SessionId, _place: u64) {
        self.0.with(|sockets| sockets.remove(session));
    }

    fn end(&self, session: &SessionId) {
        if let Some(socket) = self.0.with(|sockets| sockets.remove(session)) {
            socket.lose();
        }
    }

    fn count(&self) -> usize {
        self.0.with(|sockets| sockets.len())
    }
}

/// The connection that a session has when an event is sent.
#[derive(Debug)]
struct LookedUp {
    sockets: Arc<Guarded<BTreeMap<SessionId, ClientSocket>>>,
    session: SessionId,
}

#[async_trait]
impl Socket for LookedUp {
    async fn send(&self, frame: &Frame) -> Result<(), SinkClosed> {
        let socket = self.sockets.with(|sockets| sockets.get(&self.session).cloned());
        socket.ok_or(SinkClosed)?.send(frame).await
    }
}
