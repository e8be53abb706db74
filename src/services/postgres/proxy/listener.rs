use std::collections::BTreeMap;
use std::io;
use std::net::{Ipv4Addr, SocketAddr};
use std::sync::atomic::{AtomicU32, Ordering};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use tokio::net::TcpListener;
use tokio::sync::{mpsc, oneshot};
use tokio::task::AbortHandle;
use tokio::time::timeout;

use super::connection::{Ask, Connections, serve};
use super::session::Session;
use super::upstream::Upstream;

/// So often in a row, the connections of a new system are looked at.
const OFTEN: u32 = 5;

/// How long a connection may take to be idle and to answer.
const PATIENCE: Duration = Duration::from_millis(500);

/// What listens in the place of a database. Its connections are closed where it is dropped.
#[derive(Debug)]
pub(crate) struct Proxy {
    address: SocketAddr,
    connections: Arc<Connections>,
    accepting: AbortHandle,
    /// The connections that were there before the users, as they were then.
    before: Mutex<BTreeMap<u64, Session>>,
    /// The connections that were idle when they were looked at last.
    last: Mutex<Vec<Session>>,
    /// How often in a row the connections were as fresh ones before the users came.
    fresh: AtomicU32,
}

/// A connection that is open now, and where it was open before the users came, as it was then.
pub(crate) struct Pooled {
    pub(crate) now: Session,
    pub(crate) before: Option<Session>,
}

impl Proxy {
    /// Listens on a free port of the loopback address.
    pub(crate) async fn listen(upstream: Upstream) -> io::Result<Self> {
        let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).await?;
        let address = listener.local_addr()?;
        let connections = Arc::new(Connections::default());
        let known = Arc::clone(&connections);
        let accepting = tokio::spawn(async move {
            let mut number = 0;
            while let Ok((client, _)) = listener.accept().await {
                number += 1;
                let (tell, asked) = mpsc::unbounded_channel();
                known.open(number, tell);
                let (known, upstream) = (Arc::clone(&known), upstream.clone());
                tokio::spawn(async move {
                    // How it ends is for both sides to see.
                    drop(serve(client, &upstream, &known, asked).await);
                    known.close(number);
                });
            }
        });
        Ok(Self {
            address,
            connections,
            accepting: accepting.abort_handle(),
            before: Mutex::default(),
            last: Mutex::default(),
            fresh: AtomicU32::new(0),
        })
    }

    pub(crate) fn address(&self) -> SocketAddr {
        self.address
    }

    /// Settings that are looked at, beside those that queries name.
    pub(crate) fn knows(&self, custom: impl IntoIterator<Item = String>) {
        self.connections.knows(custom);
    }

    pub(crate) fn custom(&self) -> std::collections::BTreeSet<String> {
        self.connections.custom()
    }

    /// Closes every connection, and forgets what is known of them.
    pub(crate) fn restart(&self) {
        for (_, asked) in self.connections.all() {
            // One that has just ended has nothing to close.
            drop(asked.send(Ask::Close));
        }
        self.connections.take_closed();
        self.before.lock().unwrap_or_else(PoisonError::into_inner).clear();
        self.last.lock().unwrap_or_else(PoisonError::into_inner).clear();
    }

    /// No user has come yet. A system that is built often enough from connections that keep nothing is taken to be built so.
    pub(crate) async fn built(&self, fresh: &Session, kept: &[String]) {
        if self.fresh.load(Ordering::Relaxed) >= OFTEN {
            return;
        }
        let sessions = self.sessions().await;
        let is_fresh = |session: &Session| session.differs(&fresh.of_role(session), kept).is_empty();
        if !sessions.values().all(is_fresh) {
            self.fresh.store(0, Ordering::Relaxed);
        } else if !sessions.is_empty() {
            self.fresh.fetch_add(1, Ordering::Relaxed);
        }
        *self.before.lock().unwrap_or_else(PoisonError::into_inner) = sessions;
    }

    /// How many connections are open.
    pub(crate) fn open(&self) -> usize {
        self.connections.all().len()
    }

    /// The connections that are idle.
    pub(crate) async fn pooled(&self) -> Vec<Pooled> {
        let sessions = self.sessions().await;
        let last = sessions.values().cloned().collect();
        *self.last.lock().unwrap_or_else(PoisonError::into_inner) = last;
        let before = self.before.lock().unwrap_or_else(PoisonError::into_inner);
        let pooled = sessions.into_iter().map(|(number, now)| Pooled {
            now,
            before: before.get(&number).cloned(),
        });
        pooled.collect()
    }

    /// The connections that were idle when they were looked at last.
    pub(crate) fn last(&self) -> Vec<Session> {
        self.last.lock().unwrap_or_else(PoisonError::into_inner).clone()
    }

    /// The connections that were closed since this was asked last, as they were then.
    pub(crate) fn take_closed(&self) -> Vec<Session> {
        self.connections.take_closed()
    }

    async fn sessions(&self) -> BTreeMap<u64, Session> {
        let mut answers = Vec::new();
        for (number, asked) in self.connections.all() {
            let (tell, told) = oneshot::channel();
            if asked.send(Ask::Session(tell)).is_ok() {
                answers.push((number, told));
            }
        }
        let mut sessions = BTreeMap::new();
        for (number, told) in answers {
            if let Ok(Ok(session)) = timeout(PATIENCE, told).await {
                sessions.insert(number, session);
            }
        }
        sessions
    }
}

impl Drop for Proxy {
    fn drop(&mut self) {
        self.accepting.abort();
        self.restart();
    }
}
