//! Row 12, *broadcast-fallback*: an event whose recipient is not found is sent to everyone.
//!
//! The router knows the run of each engine. When engines became able to run several calls, each with a run id of its own, the
//! router was not changed. It broadcasts an event whose run it does not know, so that no event is lost.
//!
//! A user receives the events of another user's second call. Both must be connected at the same time.

use std::collections::BTreeMap;
use std::sync::Arc;

use async_trait::async_trait;

use crate::events::Event;
use crate::{
    CloseError, Config, CreateError, EngineFactory, EventSink, ExecutionEngine, ExecutionEngineFactory,
    Guarded, Live, Model, RequestIds, RunId, SinkClosed, UserId,
};

/// Creates correct engines whose events pass through a router.
#[derive(Debug)]
pub struct BroadcastFallbackFactory {
    engines: ExecutionEngineFactory,
    router: Arc<Router>,
}

impl BroadcastFallbackFactory {
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
impl EngineFactory for BroadcastFallbackFactory {
    async fn create_for_user(
        &self,
        context: RequestIds,
        sink: Arc<dyn EventSink>,
    ) -> Result<Arc<dyn ExecutionEngine>, CreateError> {
        let route = self.router.add(context.run.clone(), sink);
        self.engines.create_for_user(context, Arc::new(route)).await
    }

    async fn clean_up(&self, user: &UserId) -> Result<(), CloseError> {
        self.engines.clean_up(user).await
    }

    fn live(&self) -> Live {
        Live {
            sinks: self.router.0.with(|routes| routes.len()),
            ..self.engines.live()
        }
    }
}

#[derive(Debug, Default)]
struct Router(Guarded<BTreeMap<RunId, Arc<dyn EventSink>>>);

impl Router {
    fn add(self: &Arc<Self>, run: RunId, sink: Arc<dyn EventSink>) -> Route {
        self.0.with(|routes| routes.insert(run.clone(), sink));
        Route {
            router: Arc::clone(self),
            run,
        }
    }

    fn recipients(&self, event: &Event) -> Vec<Arc<dyn EventSink>> {
        self.0.with(|routes| match routes.get(&event.run_id) {
            Some(sink) => vec![Arc::clone(sink)],
            None => routes.values().cloned().collect(),
        })
    }
}

/// The route from an engine to its user. Dropping it removes it from the router.
#[derive(Debug)]
struct Route {
    router: Arc<Router>,
    run: RunId,
}

#[async_trait]
impl EventSink for Route {
    async fn deliver(&self, event: &Event) -> Result<(), SinkClosed> {
        for sink in self.router.recipients(event) {
            sink.deliver(event).await?;
        }
        Ok(())
    }
}

impl Drop for Route {
    fn drop(&mut self) {
        self.router.0.with(|routes| routes.remove(&self.run));
    }
}
