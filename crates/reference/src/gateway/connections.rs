use std::collections::BTreeMap;
use std::fmt;
use std::sync::Arc;

use super::web_socket::ClientSocket;
use crate::delivery::Socket;
use crate::{Guarded, SessionId};

/// The connection of each session.
pub(crate) trait Connections: fmt::Debug + Send + Sync {
    /// Makes this the connection of a session; the one that it had is lost. Returns its place, and where events go.
    fn open(&self, session: &SessionId, socket: ClientSocket) -> (u64, Arc<dyn Socket>);

    /// The connection that has this place has ended.
    fn close(&self, session: &SessionId, place: u64);

    /// The session has ended, and its connection is lost.
    fn end(&self, session: &SessionId);

    /// How many there are.
    fn count(&self) -> usize;
}

/// Events go straight to the connection that was opened last, and one that ends takes no other with it.
#[derive(Debug, Default)]
pub(super) struct ByPlace(Guarded<Places>);

#[derive(Debug, Default)]
struct Places {
    by_session: BTreeMap<SessionId, (u64, ClientSocket)>,
    last: u64,
}

impl Connections for ByPlace {
    fn open(&self, session: &SessionId, socket: ClientSocket) -> (u64, Arc<dyn Socket>) {
        let (place, before) = self.0.with(|places| {
            places.last += 1;
            let entry = (places.last, socket.clone());
            (places.last, places.by_session.insert(session.clone(), entry))
        });
        if let Some((_, before)) = before {
            before.lose();
        }
        (place, Arc::new(socket))
    }

    fn close(&self, session: &SessionId, place: u64) {
        self.0.with(|places| {
            // Another one may have taken its place.
            let is_own = |entry: &(u64, ClientSocket)| entry.0 == place;
            if places.by_session.get(session).is_some_and(is_own) {
                places.by_session.remove(session);
            }
        });
    }

    fn end(&self, session: &SessionId) {
        let connection = self.0.with(|places| places.by_session.remove(session));
        if let Some((_, socket)) = connection {
            socket.lose();
        }
    }

    fn count(&self) -> usize {
        self.0.with(|places| places.by_session.len())
    }
}
