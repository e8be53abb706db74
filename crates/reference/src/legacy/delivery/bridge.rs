//! Row 11, *confused-ids*: the id of a thread stands in for the id of a user.
//!
//! Every id is a text. Events were sent to users first and to threads later, by a method that calls the older one. The bridge finds
//! nobody with such an id, and reports success, as it does for users who are away.

use std::collections::BTreeMap;
use std::sync::Arc;

use crate::events::Event;
use crate::legacy::base::{Base, completed, legacy_engine, legacy_factory, started, thinking};
use crate::{Answer, DeliveryError, EventSink, Guarded, Request, RequestIds, RunError};

legacy_factory! {
    /// Creates engines that send their events over a bridge.
    BridgeFactory { bridge: Arc<AgentWebSocketBridge> = Arc::default() }
    engine |this, ids, sink, slot| {
        this.bridge.connect(&ids.user, Arc::clone(&sink));
        BridgedEngine {
            bridge: Arc::clone(&this.bridge),
            base: Base::new(&this.model, ids, sink, slot),
        }
    };
}

/// Sends events to whoever is connected.
#[derive(Debug, Default)]
pub struct AgentWebSocketBridge {
    sockets: Guarded<BTreeMap<String, Arc<dyn EventSink>>>,
}

impl AgentWebSocketBridge {
    fn connect(&self, user: &str, socket: Arc<dyn EventSink>) {
        self.sockets
            .with(|sockets| sockets.insert(user.to_owned(), socket));
    }

    fn disconnect(&self, user: &str) {
        self.sockets.with(|sockets| sockets.remove(user));
    }

    async fn send_to_user(&self, user: &str, event: &Event) -> Result<(), DeliveryError> {
        let socket = self.sockets.with(|sockets| sockets.get(user).cloned());
        match socket {
            Some(socket) => Ok(socket.deliver(event).await?),
            // The user is away, which is no error.
            None => Ok(()),
        }
    }

    async fn send_to_thread(&self, thread: &str, event: &Event) -> Result<(), DeliveryError> {
        self.send_to_user(thread, event).await
    }
}

#[derive(Debug)]
struct BridgedEngine {
    bridge: Arc<AgentWebSocketBridge>,
    base: Base,
}

impl BridgedEngine {
    async fn run_with_events(&self, ids: &RequestIds, request: &Request) -> Result<String, RunError> {
        for payload in [started(request), thinking()] {
            self.bridge
                .send_to_thread(&ids.thread, &Event::new(ids, payload))
                .await?;
        }
        let result = self.base.complete(request).await;
        let last = Event::new(ids, completed(&result));
        self.bridge.send_to_thread(&ids.thread, &last).await?;
        result
    }
}

impl Drop for BridgedEngine {
    fn drop(&mut self) {
        self.bridge.disconnect(&self.base.ids.user);
    }
}

legacy_engine!(BridgedEngine {
    run(&self, request: Request) -> Result<Answer, RunError> {
        self.base.check_open()?;
        request.prompt()?;
        let ids = self.base.next_run();
        let text = self.run_with_events(&ids, &request).await?;
        Ok(Answer { run_id: ids.run, text })
    }
});
