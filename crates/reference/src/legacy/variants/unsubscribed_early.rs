//! Row 12, *broadcast-fallback*: a topic without a subscriber is published to all.
//!
//! Topics are the runs. The subscription to a run ends when the run has its answer, one event too early for the last one.

use std::collections::BTreeMap;
use std::sync::Arc;

use crate::events::{Event, EventPayload};
use crate::legacy::base::{Base, completed, legacy_engine, legacy_factory, started};
use crate::{Answer, EventSink, Guarded, Request, RequestIds, RunError, RunId, UserId};

legacy_factory! {
    /// Creates engines that publish their events.
    UnsubscribedEarlyFactory { topics: Arc<Topics> = Arc::default() }
    engine |this, ids, sink, slot| {
        this.topics.everybody.with(|everybody| everybody.insert(ids.user.clone(), Arc::clone(&sink)));
        PublishingEngine { topics: Arc::clone(&this.topics), base: Base::new(&this.model, ids, sink, slot) }
    };
}

#[derive(Debug, Default)]
struct Topics {
    everybody: Guarded<BTreeMap<UserId, Arc<dyn EventSink>>>,
    subscribers: Guarded<BTreeMap<RunId, Arc<dyn EventSink>>>,
}

impl Topics {
    async fn publish(&self, ids: &RequestIds, payload: EventPayload) {
        let event = Event::new(ids, payload);
        let subscriber = self
            .subscribers
            .with(|subscribers| subscribers.get(&ids.run).cloned());
        let recipients = match subscriber {
            Some(subscriber) => vec![subscriber],
            None => self
                .everybody
                .with(|everybody| everybody.values().cloned().collect()),
        };
        for recipient in recipients {
            // As in a broadcast, one who is gone keeps it from nobody else.
            recipient.deliver(&event).await.ok();
        }
    }
}

#[derive(Debug)]
struct PublishingEngine {
    topics: Arc<Topics>,
    base: Base,
}

impl Drop for PublishingEngine {
    fn drop(&mut self) {
        self.topics
            .everybody
            .with(|everybody| everybody.remove(&self.base.ids.user));
    }
}

legacy_engine!(PublishingEngine {
    run(&self, request: Request) -> Result<Answer, RunError> {
        self.base.check_open()?;
        request.prompt()?;
        let (ids, own) = (self.base.next_run(), self.base.sink()?);
        let subscribers = &self.topics.subscribers;
        subscribers.with(|subscribers| subscribers.insert(ids.run.clone(), own));
        self.topics.publish(&ids, started(&request)).await;
        let result = self.base.complete(&request).await;
        subscribers.with(|subscribers| subscribers.remove(&ids.run));
        self.topics.publish(&ids, completed(&result)).await;
        Ok(Answer { run_id: ids.run, text: result? })
    }
});
