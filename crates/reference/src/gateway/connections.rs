use std::collections::BTreeMap;
use std::fmt;
use std::sync::Arc;

use super::web_socket::ClientSocket;
use crate::delivery::Socket;
use crate::{Guarded, SessionId};

/// Knows the connection of each session, of which there is one at a time.
pub(crate) trait Connections: fmt::Debug + Send + Sync {
    /// Makes this the connection of a session. The one that it had is lost. Returns what [`leave`](Self::leave) takes, and where the session's events go.
    fn enter(&self, session: &SessionId, socket: &ClientSocket) -> (u64, Arc<dyn Socket>);

    /// The connection that has this place has ended.
    fn leave(&self, session: &SessionId, place: u64);

    /// The session ends. Returns the connection that it had.
    fn remove(&self, session: &SessionId) -> Option<ClientSocket>;

    /// How many connections there are.
    fn count(&self) -> usize;
}

/// Each connection has a place of its own, so that one that ends does not take the place of another one from it.
#[derive(Debug, Default)]
pub(super) struct ConnectionsByPlace(Guarded<State>);

#[derive(Debug, Default)]
struct State {
    by_session: BTreeMap<SessionId, (u64, ClientSocket)>,
    last: u64,
}

impl Connections for ConnectionsByPlace {
    fn enter(&self, session: &SessionId, socket: &ClientSocket) -> (u64, Arc<dyn Socket>) {
        let (place, before) = self.0.with(|state| {
            state.last += 1;
            let entry = (state.last, socket.clone());
            (state.last, state.by_session.insert(session.clone(), entry))
        });
        if let Some((_, before)) = before {
            before.lose();
        }
        (place, Arc::new(socket.clone()))
    }

    fn leave(&self, session: &SessionId, place: u64) {
        self.0.with(|state| {
            let is_own = |entry: &(u64, ClientSocket)| entry.0 == place;
            if state.by_session.get(session).is_some_and(is_own) {
                state.by_session.remove(session);
            }
        });
    }

    fn remove(&self, session: &SessionId) -> Option<ClientSocket> {
        let entry = self.0.with(|state| state.by_session.remove(session));
        entry.map(|(_, socket)| socket)
    }

    fn count(&self) -> usize {
        self.0.with(|state| state.by_session.len())
    }
}
