//! Row 09, *wrong-recipient*: the router sends every event to its primary session.
//!
//! The router had one user; its `primary` is the session that connected first. More sessions were added, but events are still sent
//! to `primary`, whatever user they name.
//!
//! The user who connected first receives the events of a user who connects later. The fault needs two concurrent users: when the
//! first session ends, the next one becomes primary.

use std::collections::BTreeMap;
use std::sync::Arc;

use async_trait::async_trait;

use crate::events::Event;
use crate::{
    CloseError, Config, CreateError, EngineFactory, EventSink, ExecutionEngine, ExecutionEngineFactory,
    Guarded, Live, Model, RequestIds, SinkClosed, UserId,
};

/// Creates correct engines whose events pass through a router.
#[derive(Debug)]
pub struct PrimarySinkFactory {
    engines: ExecutionEngineFactory,
    router: Arc<Router>,
}

impl PrimarySinkFactory {
    /// Creates a factory whose engines ask this model.
    #[must_use]
    pub fn new(model: Arc<dyn Model>) -> Self {
        Self {
            engines: ExecutionEngineFactory::with_model(Config::default(), model),
            router: Arc::default(),
        }
    }
}

#[async_trait]
impl EngineFactory for PrimarySinkFactory {
    async fn create_for_user(
        &self,
        context: RequestIds,
        sink: Arc<dyn EventSink>,
    ) -> Result<Arc<dyn ExecutionEngine>, CreateError> {
        let connection = self.router.connect(sink);
        self.engines.create_for_user(context, Arc::new(connection)).await
    }

    async fn clean_up(&self, user: &UserId) -> Result<(), CloseError> {
        self.engines.clean_up(user).await
    }

    fn live(&self) -> Live {
        Live {
            sinks: self.router.0.with(|sessions| sessions.sinks.len()),
            ..self.engines.live()
        }
    }
}

#[derive(Debug, Default)]
struct Router(Guarded<Sessions>);

#[derive(Debug, Default)]
struct Sessions {
    primary: Option<u64>,
    next: u64,
    sinks: BTreeMap<u64, Arc<dyn EventSink>>,
}

impl Router {
    fn connect(self: &Arc<Self>, sink: Arc<dyn EventSink>) -> Connection {
        let number = self.0.with(|sessions| {
            sessions.next += 1;
            sessions.sinks.insert(sessions.next, sink);
            sessions.primary.get_or_insert(sessions.next);
            sessions.next
        });
        Connection {
            router: Arc::clone(self),
            number,
        }
    }

    fn disconnect(&self, number: u64) {
        self.0.with(|sessions| {
            sessions.sinks.remove(&number);
            if sessions.primary == Some(number) {
                sessions.primary = sessions.sinks.keys().next().copied();
            }
        });
    }

    fn recipient(&self) -> Option<Arc<dyn EventSink>> {
        self.0
            .with(|sessions| sessions.sinks.get(&sessions.primary?).cloned())
    }
}

/// The connection of a session to the router. Dropping it disconnects the session.
#[derive(Debug)]
struct Connection {
    router: Arc<Router>,
    number: u64,
}

#[async_trait]
impl EventSink for Connection {
    async fn deliver(&self, event: &Event) -> Result<(), SinkClosed> {
        self.router.recipient().ok_or(SinkClosed)?.deliver(event).await
    }
}

impl Drop for Connection {
    fn drop(&mut self) {
        self.router.disconnect(self.number);
    }
}
