use std::collections::BTreeMap;
use std::sync::Arc;

use thiserror::Error;

use super::{LoginError, Logins, Session};
use crate::delivery::{Channel, Socket, UnifiedWebSocketEmitter};
use crate::workflow::{AgentRegistry, ChatOrchestrator, SupervisorAgent, SupervisorError, UserSettings};
use crate::{
    CloseError, Config, EventSink, ExecutionEngineFactory, Guarded, Model, RequestIds, RunId, ScriptedModel,
    SessionId, SinkClosed, ThreadId, UserId,
};

/// Logins, channels, agents and engines together: a user logs in, connects, asks, and gets events and the answer.
///
/// ```
/// # #[tokio::main(flavor = "current_thread", start_paused = true)]
/// # async fn main() -> Result<(), Box<dyn std::error::Error>> {
/// # use std::sync::{Arc, Mutex};
/// # use ssot_reference::delivery::{Frame, Socket};
/// use ssot_reference::platform::Platform;
/// # use ssot_reference::{Config, SinkClosed};
///
/// # #[derive(Debug, Default)]
/// # struct Client(Mutex<Vec<Frame>>);
/// # #[async_trait::async_trait]
/// # impl Socket for Client {
/// #     async fn send(&self, frame: &Frame) -> Result<(), SinkClosed> {
/// #         self.0.lock().unwrap().push(frame.clone());
/// #         Ok(())
/// #     }
/// # }
/// let platform = Platform::new(Config::default());
/// platform.logins().sign_up("ada".into(), "a password")?;
/// let session = platform.logins().log_in(&"ada".into(), "a password").await?;
/// let client = Arc::new(Client::default());
/// platform.connect(&session, client.clone(), 0).await?;
/// let answer = platform.ask(&session, "thread-1", "what do I owe?").await?;
/// assert!(answer.contains("what do I owe?"));
/// // Three agents, each with seven events.
/// assert_eq!(client.0.lock().unwrap().len(), 21);
/// platform.log_out(&session).await?;
/// # Ok(())
/// # }
/// ```
#[derive(Debug)]
pub struct Platform {
    logins: Logins,
    registry: AgentRegistry,
    chat: ChatOrchestrator,
    channels: Guarded<BTreeMap<SessionId, Arc<UnifiedWebSocketEmitter>>>,
    /// How many runs each user has had. Counted by user, so that nobody's ids tell how much others do.
    runs: Guarded<BTreeMap<UserId, u64>>,
}

impl Platform {
    /// Creates a platform whose agents ask the default [`ScriptedModel`].
    #[must_use]
    pub fn new(config: Config) -> Self {
        Self::with_model(config, Arc::new(ScriptedModel::default()))
    }

    /// Creates a platform whose agents ask this model.
    #[must_use]
    pub fn with_model(config: Config, model: Arc<dyn Model>) -> Self {
        let factory = Arc::new(ExecutionEngineFactory::with_model(config, model));
        let registry = AgentRegistry::default();
        for (agent, purpose) in [
            ("triage", "decides what a request needs"),
            ("data", "looks up what is known"),
            ("data_helper", "asks for what is not known"),
            ("optimisation", "finds what can be better"),
            ("actions", "says what to do"),
            ("reporting", "writes the answer"),
        ] {
            registry.register(agent, purpose);
        }
        Self {
            logins: Logins::default(),
            registry,
            chat: ChatOrchestrator::new(SupervisorAgent::new(factory)),
            channels: Guarded::default(),
            runs: Guarded::default(),
        }
    }

    /// Who may come in.
    #[must_use]
    pub fn logins(&self) -> &Logins {
        &self.logins
    }

    /// The agents and the sessions of users.
    #[must_use]
    pub fn registry(&self) -> &AgentRegistry {
        &self.registry
    }

    /// The factory of all engines.
    #[must_use]
    pub fn factory(&self) -> &ExecutionEngineFactory {
        self.chat.supervisor().factory()
    }

    /// Connects a session to a socket, or connects it again. `received` is the number of the last frame that the client has.
    ///
    /// # Errors
    ///
    /// Returns an error if the session has ended, or if the socket does not take what it has missed.
    pub async fn connect(
        &self,
        session: &Session,
        socket: Arc<dyn Socket>,
        received: u64,
    ) -> Result<(), PlatformError> {
        self.check(session)?;
        self.registry.open(session.user()).await;
        // It may have ended meanwhile, and nobody would close what is opened for it.
        if let Err(ended) = self.check(session) {
            if !self.logins.is_present(session.user()) {
                self.registry.close(session.user());
            }
            return Err(ended.into());
        }
        Ok(self.channel(session).reconnect(socket, received).await?)
    }

    /// Answers a message in a thread of the user. Events go to the session's channel, and wait there if it is not connected.
    ///
    /// # Errors
    ///
    /// Returns an error if the session has ended, or if the message could not be answered.
    pub async fn ask(&self, session: &Session, thread: &str, message: &str) -> Result<String, PlatformError> {
        self.check(session)?;
        let user = session.user();
        let number = self.runs.with(|runs| {
            let number = runs.entry(user.clone()).or_default();
            *number += 1;
            *number
        });
        let context = RequestIds {
            user: user.clone(),
            thread: ThreadId::from(thread),
            run: RunId::new(format!("{user}.run.{number}")),
            session: session.id().clone(),
        };
        let sink: Arc<dyn EventSink> = Arc::new(KeptOpen(self.channel(session)));
        Ok(self.chat.answer(context, sink, message).await?)
    }

    /// Ends a session and closes its channel.
    ///
    /// # Errors
    ///
    /// Returns an error if the client has not acknowledged every event. The session has ended nevertheless.
    pub async fn log_out(&self, session: &Session) -> Result<(), PlatformError> {
        if !self.logins.log_out(session) {
            return Err(LoginError::LoggedOut.into());
        }
        if !self.logins.is_present(session.user()) {
            self.registry.close(session.user());
        }
        let channel = self.channels.with(|channels| channels.remove(session.id()));
        if let Some(channel) = channel {
            channel.close().await?;
        }
        Ok(())
    }

    /// Closes every engine, and serves nobody any more.
    ///
    /// # Errors
    ///
    /// Returns an error if an engine did not close well.
    pub async fn shutdown(&self) -> Result<(), CloseError> {
        self.factory().shutdown().await
    }

    fn check(&self, session: &Session) -> Result<(), LoginError> {
        if self.logins.is_logged_in(session) {
            Ok(())
        } else {
            Err(LoginError::LoggedOut)
        }
    }

    fn channel(&self, session: &Session) -> Arc<UnifiedWebSocketEmitter> {
        let create = || Arc::new(UnifiedWebSocketEmitter::disconnected(session.user().clone()));
        self.channels
            .with(|channels| Arc::clone(channels.entry(session.id().clone()).or_insert_with(create)))
    }
}

/// The channel of a session, for one engine: it stays open when the engine is closed.
#[derive(Debug)]
struct KeptOpen(Arc<UnifiedWebSocketEmitter>);

#[async_trait::async_trait]
impl EventSink for KeptOpen {
    async fn deliver(&self, event: &crate::events::Event) -> Result<(), SinkClosed> {
        self.0.deliver(event).await
    }
}

/// Why the platform did not do what a session asked.
#[derive(Clone, Debug, PartialEq, Eq, Error)]
pub enum PlatformError {
    /// The session is not logged in.
    #[error(transparent)]
    Login(#[from] LoginError),
    /// The socket of the session is closed.
    #[error(transparent)]
    Socket(#[from] SinkClosed),
    /// The message could not be answered.
    #[error(transparent)]
    Supervisor(#[from] SupervisorError),
}
