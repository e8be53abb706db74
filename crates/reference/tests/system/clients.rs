//! What the tests share: users, and the clients that their events go to.

use std::sync::{Arc, Mutex};
use std::time::Duration;

use async_trait::async_trait;
use ssot_reference::delivery::{Frame, Socket};
use ssot_reference::events::{Event, EventKind};
use ssot_reference::{
    Config, EventSink, ExecutionEngineFactory, Mailbox, Model, ModelError, Prompt, Request, RequestIds,
    ScriptedModel, SinkClosed, UserExecutionEngine,
};

pub(crate) fn ids(user: &str) -> RequestIds {
    RequestIds {
        user: user.into(),
        thread: "thread-1".into(),
        run: format!("run-{user}").into(),
        session: "session-1".into(),
    }
}

pub(crate) fn request() -> Request {
    Request::new("billing", "what do I owe?")
}

pub(crate) async fn engine(
    factory: &ExecutionEngineFactory,
    user: &str,
) -> (Arc<UserExecutionEngine>, Arc<Mailbox>) {
    let mailbox = Arc::new(Mailbox::default());
    let engine = factory.create(ids(user), mailbox.clone()).await;
    (engine.expect("the identity is valid and the limit far"), mailbox)
}

/// A factory whose model takes this long, and fails for a prompt with the word `fail`.
pub(crate) fn factory(config: Config, latency: Duration) -> ExecutionEngineFactory {
    ExecutionEngineFactory::with_model(config, Arc::new(Failing(ScriptedModel::new(latency))))
}

#[derive(Debug)]
struct Failing(ScriptedModel);

#[async_trait]
impl Model for Failing {
    async fn complete(&self, prompt: Prompt<'_>) -> Result<String, ModelError> {
        if prompt.text.contains("fail") {
            return Err(ModelError::new("as asked"));
        }
        self.0.complete(prompt).await
    }
}

pub(crate) fn kinds(events: &[Event]) -> Vec<EventKind> {
    events.iter().map(Event::kind).collect()
}

/// A sink that takes events and fails when it is closed.
#[derive(Debug)]
pub(crate) struct StuckSink;

#[async_trait]
impl EventSink for StuckSink {
    async fn deliver(&self, _event: &Event) -> Result<(), SinkClosed> {
        Ok(())
    }

    async fn close(&self) -> Result<(), SinkClosed> {
        Err(SinkClosed)
    }
}

/// A connected client.
#[derive(Debug, Default)]
pub(crate) struct Client(Mutex<Vec<Frame>>);

impl Client {
    pub(crate) fn frames(&self) -> Vec<Frame> {
        self.0.lock().expect("no test panics under it").clone()
    }
}

#[async_trait]
impl Socket for Client {
    async fn send(&self, frame: &Frame) -> Result<(), SinkClosed> {
        tokio::task::yield_now().await;
        self.0
            .lock()
            .expect("no test panics under it")
            .push(frame.clone());
        Ok(())
    }
}
