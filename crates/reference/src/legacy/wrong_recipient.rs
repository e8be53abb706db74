//! Row 09, *wrong-recipient*: events go to the switchboard's own user, whoever they are for.
//!
//! The switchboard was one user's; its `primary` is the session that connected first. Sessions were added,
//! but sending still goes by `primary`, and the user that the event names is not looked at.
//!
//! The user who is connected already receives the events of one who connects later. It takes two users at
//! once: when the first has gone, the next one is primary.

use std::collections::BTreeMap;
use std::sync::Arc;

use async_trait::async_trait;

use crate::events::Event;
use crate::{
    CloseError, Config, CreateError, EngineFactory, EventSink, ExecutionEngine, ExecutionEngineFactory,
    Guarded, Live, Model, RequestIds, SinkClosed, UserId,
};

/// Makes sound engines, whose events go through a switchboard.
#[derive(Debug)]
pub struct PrimarySinkFactory {
    engines: ExecutionEngineFactory,
    switchboard: Arc<Switchboard>,
}

impl PrimarySinkFactory {
    /// A factory whose engines ask this model.
    #[must_use]
    pub fn new(model: Arc<dyn Model>) -> Self {
        Self {
            engines: ExecutionEngineFactory::with_model(Config::default(), model),
            switchboard: Arc::default(),
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
        let line = self.switchboard.connect(sink);
        self.engines.create_for_user(context, Arc::new(line)).await
    }

    async fn clean_up(&self, user: &UserId) -> Result<(), CloseError> {
        self.engines.clean_up(user).await
    }

    fn live(&self) -> Live {
        Live {
            sinks: self.switchboard.0.with(|sessions| sessions.sinks.len()),
            ..self.engines.live()
        }
    }
}

#[derive(Debug, Default)]
struct Switchboard(Guarded<Sessions>);

#[derive(Debug, Default)]
struct Sessions {
    primary: Option<u64>,
    next: u64,
    sinks: BTreeMap<u64, Arc<dyn EventSink>>,
}

impl Switchboard {
    fn connect(self: &Arc<Self>, sink: Arc<dyn EventSink>) -> Line {
        let number = self.0.with(|sessions| {
            sessions.next += 1;
            sessions.sinks.insert(sessions.next, sink);
            sessions.primary.get_or_insert(sessions.next);
            sessions.next
        });
        Line {
            switchboard: Arc::clone(self),
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

/// A session's line through the switchboard; dropping it disconnects the session.
#[derive(Debug)]
struct Line {
    switchboard: Arc<Switchboard>,
    number: u64,
}

#[async_trait]
impl EventSink for Line {
    async fn deliver(&self, event: &Event) -> Result<(), SinkClosed> {
        self.switchboard
            .recipient()
            .ok_or(SinkClosed)?
            .deliver(event)
            .await
    }
}

impl Drop for Line {
    fn drop(&mut self) {
        self.switchboard.disconnect(self.number);
    }
}
