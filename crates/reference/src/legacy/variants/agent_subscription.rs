//! Row 09, *wrong-recipient*: events go to who has subscribed to the agent, whoever runs it.
//!
//! There was an agent for each user, and its name was the user's. Agents are shared since.

use std::collections::BTreeMap;
use std::sync::Arc;

use crate::events::{Event, EventPayload};
use crate::legacy::base::{Base, completed, legacy_engine, legacy_factory, started};
use crate::{Answer, DeliveryError, EventSink, Guarded, Request, RequestIds, RunError};

type Subscriptions = Arc<Guarded<BTreeMap<String, Arc<dyn EventSink>>>>;

legacy_factory! {
    /// Creates engines whose events go to the subscriber of an agent.
    AgentSubscriptionFactory { subscriptions: Subscriptions = Arc::default() }
    engine |this, ids, sink, slot| SubscribedEngine {
        subscriptions: Arc::clone(&this.subscriptions),
        base: Base::new(&this.model, ids, sink, slot),
    };
}

#[derive(Debug)]
struct SubscribedEngine {
    subscriptions: Subscriptions,
    base: Base,
}

impl SubscribedEngine {
    async fn publish(
        &self,
        agent: &str,
        ids: &RequestIds,
        payload: EventPayload,
    ) -> Result<(), DeliveryError> {
        let own = self.base.sink()?;
        let subscriber = self
            .subscriptions
            .with(|subscriptions| Arc::clone(subscriptions.entry(agent.to_owned()).or_insert(own)));
        Ok(subscriber.deliver(&Event::new(ids, payload)).await?)
    }
}

impl Drop for SubscribedEngine {
    fn drop(&mut self) {
        // Who leaves has nothing subscribed any more.
        if let Ok(own) = self.base.sink() {
            self.subscriptions
                .with(|subscriptions| subscriptions.retain(|_, sink| !Arc::ptr_eq(sink, &own)));
        }
    }
}

legacy_engine!(SubscribedEngine {
    run(&self, request: Request) -> Result<Answer, RunError> {
        self.base.check_open()?;
        request.prompt()?;
        let ids = self.base.next_run();
        self.publish(request.agent(), &ids, started(&request)).await?;
        let result = self.base.complete(&request).await;
        self.publish(request.agent(), &ids, completed(&result)).await?;
        Ok(Answer { run_id: ids.run, text: result? })
    }
});
