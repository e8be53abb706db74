use std::fmt;
use std::pin::Pin;
use std::sync::Arc;

use async_trait::async_trait;
use serde_json::{Value, json};
use ssot_reference::delivery::{Channel, Frame, Socket};
use ssot_reference::events::{Event, EventPayload};
use ssot_reference::legacy::disguises;
use ssot_reference::workflow::UserSettings;
use ssot_reference::{
    Config, ContextHandle, EngineFactory, EventSink, ExecutionEngine, ExecutionEngineFactory, Model,
    ObedientModel, Request, RequestIds, SinkClosed, UntypedEvent,
};

use crate::conformance::{
    Accounts, ChannelProbe, Client, ClientClosed, ContextProbe, Disguise, SettingsProbe, Subject,
};
use crate::isolation::{ScriptError, ScriptResult};
use crate::user::UserContext;

/// A factory of the reference system, or of a legacy version, as a subject of conformance.
///
/// ```
/// use ssot_harness::conformance::{Conformance, Promise};
/// use ssot_harness::reference::ReferenceSubject;
///
/// let outcome = Conformance::new(async || ReferenceSubject::canonical())
///     .executions(40)
///     .check(Promise::UniqueInstances);
/// assert!(outcome.is_kept(), "{outcome}");
/// ```
pub struct ReferenceSubject {
    factory: Box<dyn EngineFactory>,
}

impl ReferenceSubject {
    /// Connects the factory that `make` creates. The model that it gets fails, or takes too long, where the prompt says so.
    pub fn new(make: impl FnOnce(Arc<dyn Model>) -> Box<dyn EngineFactory>) -> Self {
        Self {
            factory: make(Arc::new(ObedientModel::default())),
        }
    }

    /// The canonical factory, which keeps the last eight exchanges of a thread.
    #[must_use]
    pub fn canonical() -> Self {
        let config = Config {
            entries_per_thread: 8,
            ..Config::default()
        };
        Self::new(|model| Box::new(ExecutionEngineFactory::with_model(config, model)))
    }
}

impl fmt::Debug for ReferenceSubject {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_tuple("ReferenceSubject").field(&self.factory).finish()
    }
}

fn request(prompt: &str) -> Request {
    Request::new("billing", prompt)
}

impl Subject for ReferenceSubject {
    type Engine = Arc<dyn ExecutionEngine>;

    async fn create(&self, context: &UserContext, client: Client) -> Result<Self::Engine, ScriptError> {
        let sink = Arc::new(ClientSink(client));
        Ok(self.factory.create_for_user(context.into(), sink).await?)
    }

    async fn run(&self, engine: &Self::Engine, prompt: &str) -> Result<String, ScriptError> {
        Ok(engine.run(request(prompt)).await?.text)
    }

    async fn close(&self, engine: &Self::Engine) -> ScriptResult {
        Ok(engine.close().await?)
    }

    fn address(&self, engine: &Self::Engine) -> Option<usize> {
        Some(Arc::as_ptr(engine).addr())
    }

    fn state(&self, engine: &Self::Engine) -> Option<Value> {
        engine.state().map(|state| json!(state))
    }

    fn context(&self, engine: &Self::Engine) -> Option<Box<dyn ContextProbe>> {
        Some(Box::new(Handle(engine.context_handle()?)))
    }

    async fn run_under(
        &self,
        engine: &Self::Engine,
        context: &UserContext,
        prompt: &str,
    ) -> Option<Result<String, ScriptError>> {
        let ran = engine.run_under(context.into(), request(prompt)).await;
        Some(ran.map(|answer| answer.text).map_err(ScriptError::from))
    }

    async fn offer(&self, engine: &Self::Engine, disguise: Disguise) -> Option<ScriptResult> {
        let offered = match disguise {
            Disguise::Deprecated => disguises::deprecated(),
            Disguise::Renamed => disguises::renamed(),
            Disguise::Wrapped => disguises::wrapped(),
            _ => Arc::clone(engine),
        };
        let orchestrator = match self.factory.orchestrator(offered)? {
            Ok(orchestrator) => orchestrator,
            Err(refused) => return Some(Err(refused.into())),
        };
        let mut orchestrator = orchestrator;
        Some(match disguise {
            Disguise::SwappedLater => orchestrator
                .replace_engine(disguises::deprecated())
                .map_err(ScriptError::from),
            _ => Ok(()),
        })
    }

    fn failing_prompt(&self) -> Option<&str> {
        Some(ObedientModel::FAIL)
    }

    fn slow_prompt(&self) -> Option<&str> {
        Some(ObedientModel::DAWDLE)
    }

    fn live(&self) -> Option<Value> {
        Some(json!(self.factory.live()))
    }

    fn engine_limit(&self) -> Option<usize> {
        self.factory.engine_limit()
    }

    fn footprint(&self) -> Option<usize> {
        self.factory.footprint()
    }

    fn accounts(&self) -> Option<Accounts> {
        let counts = self.factory.counts()?;
        Some(Accounts {
            delivered: Some(counts.events_delivered),
            undelivered: Some(counts.deliveries_failed),
            answered: Some(counts.runs_answered),
            failed: Some(counts.runs_failed),
            closes_failed: Some(counts.closes_failed),
        })
    }

    fn attests_isolation(&self, engine: &Self::Engine) -> Option<bool> {
        engine.attests_isolation()
    }

    fn status_views(&self, engine: &Self::Engine) -> Option<Vec<Value>> {
        let views = engine.status_views();
        let view =
            |view: &ssot_reference::StatusView| json!({ "running": view.running, "ended": view.ended });
        (!views.is_empty()).then(|| views.iter().map(view).collect())
    }

    async fn sweep(&self) -> Option<ScriptResult> {
        let swept = self.factory.sweep().await?;
        Some(swept.map(drop).map_err(ScriptError::from))
    }

    fn channel(&self, context: &UserContext, client: Client) -> Option<Box<dyn ChannelProbe>> {
        let ids = RequestIds::from(context);
        let channel = self.factory.channel(&ids.user, Arc::new(ClientSocket(client)))?;
        Some(Box::new(Line { channel, ids }))
    }

    fn settings(&self) -> Option<Box<dyn SettingsProbe + '_>> {
        Some(Box::new(Settings(self.factory.settings()?)))
    }
}

#[derive(Debug)]
struct ClientSink(Client);

#[async_trait]
impl EventSink for ClientSink {
    async fn deliver(&self, event: &Event) -> Result<(), SinkClosed> {
        self.0.deliver(event).await.map_err(|_: ClientClosed| SinkClosed)
    }

    async fn deliver_untyped(&self, event: &UntypedEvent) -> Result<(), SinkClosed> {
        self.0.deliver(event).await.map_err(|_: ClientClosed| SinkClosed)
    }

    async fn close(&self) -> Result<(), SinkClosed> {
        self.0.close().await.map_err(|_: ClientClosed| SinkClosed)
    }
}

struct Handle(Arc<dyn ContextHandle>);

impl ContextProbe for Handle {
    fn entries(&self) -> Value {
        json!(self.0.entries())
    }

    fn with_entry(&self, key: &str, value: &str) -> Box<dyn ContextProbe> {
        Box::new(Self(self.0.with_entry(key, value)))
    }

    fn child(&self, name: &str) -> Option<Box<dyn ContextProbe>> {
        Some(Box::new(Self(self.0.child(name)?)))
    }
}

#[derive(Debug)]
struct ClientSocket(Client);

#[async_trait]
impl Socket for ClientSocket {
    async fn send(&self, frame: &Frame) -> Result<(), SinkClosed> {
        // By what the event says, so that a channel that numbers its frames wrongly is found out too.
        let EventPayload::AgentThinking { thought } = &frame.event.payload else {
            return Err(SinkClosed);
        };
        let number = thought.parse().map_err(|_| SinkClosed)?;
        self.0
            .deliver_number(number)
            .await
            .map_err(|_: ClientClosed| SinkClosed)
    }
}

struct Line {
    channel: Arc<dyn Channel>,
    ids: RequestIds,
}

#[async_trait]
impl ChannelProbe for Line {
    async fn deliver(&self, number: u64) -> Result<(), ClientClosed> {
        let thought = number.to_string();
        let event = Event::new(&self.ids, EventPayload::AgentThinking { thought });
        self.channel
            .deliver(&event)
            .await
            .map_err(|SinkClosed| ClientClosed)
    }

    async fn reconnect(&self, client: Client, received: u64) -> Result<(), ClientClosed> {
        let socket = Arc::new(ClientSocket(client));
        let reconnected = self.channel.reconnect(socket, received).await;
        reconnected.map_err(|SinkClosed| ClientClosed)
    }
}

struct Settings<'a>(&'a dyn UserSettings);

type Done<'a> = Pin<Box<dyn Future<Output = ScriptResult> + 'a>>;

impl SettingsProbe for Settings<'_> {
    fn open<'a>(&'a self, context: &'a UserContext) -> Done<'a> {
        Box::pin(async move {
            self.0.open(&RequestIds::from(context).user).await;
            Ok(())
        })
    }

    fn update_all<'a>(&'a self, value: &'a str) -> Done<'a> {
        Box::pin(async move {
            self.0.update_all(value).await;
            Ok(())
        })
    }

    fn value(&self, context: &UserContext) -> Option<String> {
        self.0.value(&RequestIds::from(context).user)
    }
}
