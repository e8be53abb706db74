//! Row 11, *confused-ids*: sinks are registered under the id of a session and looked up under the id of a run.
//!
//! A connection registers itself when it opens, and there is no run then. The router is asked for the sink of a run. For the first run of
//! a session the two ids used to be the same.

use std::collections::BTreeMap;
use std::sync::Arc;

use async_trait::async_trait;

use crate::events::Event;
use crate::legacy::base::{Base, legacy_engine, legacy_factory};
use crate::{EventSink, Guarded, SinkClosed};

legacy_factory! {
    /// Creates engines that send their events through a router.
    RunRouterFactory { router: Arc<RunRouter> = Arc::default() }
    engine |this, ids, sink, slot| {
        let route = Route { router: Arc::clone(&this.router), session: ids.session.to_string() };
        route.router.0.with(|sinks| sinks.insert(route.session.clone(), sink));
        RoutedEngine { base: Base::new(&this.model, ids, Arc::new(route), slot) }
    };
}

#[derive(Debug, Default)]
struct RunRouter(Guarded<BTreeMap<String, Arc<dyn EventSink>>>);

/// The way of one engine's events.
#[derive(Debug)]
struct Route {
    router: Arc<RunRouter>,
    session: String,
}

#[async_trait]
impl EventSink for Route {
    async fn deliver(&self, event: &Event) -> Result<(), SinkClosed> {
        let sink = self
            .router
            .0
            .with(|sinks| sinks.get(event.run_id.as_str()).cloned());
        if let Some(sink) = sink {
            sink.deliver(event).await?;
        }
        Ok(())
    }
}

impl Drop for Route {
    fn drop(&mut self) {
        self.router.0.with(|sinks| sinks.remove(&self.session));
    }
}

#[derive(Debug)]
struct RoutedEngine {
    base: Base,
}

legacy_engine!(RoutedEngine {});
