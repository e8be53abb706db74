use std::sync::Arc;

use axum::Router;
use axum::extract::rejection::{JsonRejection, QueryRejection};
use axum::extract::ws::WebSocketUpgrade;
use axum::extract::{DefaultBodyLimit, Json, Query, State};
use axum::http::{HeaderMap, StatusCode};
use axum::response::{IntoResponse, Response};
use axum::routing::{get, post};
use serde::Deserialize;
use serde_json::{Value, json};

use super::connection::Connection;
use super::connections::{Connections, ConnectionsByPlace};
use super::state::GatewayState;
use super::{GatewayError, InMemoryRunStore, Limits, RunStore, StoredRun, TokenKey};
use crate::platform::Platform;

/// The reference system behind HTTP. The module says which routes there are.
///
/// ```
/// # #[tokio::main(flavor = "current_thread")]
/// # async fn main() {
/// use ssot_reference::Config;
/// use ssot_reference::gateway::{Gateway, TokenKey};
/// use ssot_reference::platform::Platform;
///
/// let gateway = Gateway::new(Platform::new(Config::default()), TokenKey::new(b"a secret of this deployment"));
/// let app: axum::Router = gateway.router();
/// # let _ = app;
/// # }
/// ```
#[derive(Clone, Debug)]
pub struct Gateway {
    state: Arc<GatewayState>,
}

impl Gateway {
    /// A gateway that stores runs in memory, with the default limits.
    #[must_use]
    pub fn new(platform: Platform, tokens: TokenKey) -> Self {
        Self::with(
            platform,
            tokens,
            Arc::new(InMemoryRunStore::default()),
            Limits::default(),
        )
    }

    /// A gateway that stores runs here.
    #[must_use]
    pub fn with(platform: Platform, tokens: TokenKey, runs: Arc<dyn RunStore>, limits: Limits) -> Self {
        let connections = Arc::new(ConnectionsByPlace::default());
        Self::with_connections(platform, tokens, runs, limits, connections)
    }

    pub(crate) fn with_connections(
        platform: Platform,
        tokens: TokenKey,
        runs: Arc<dyn RunStore>,
        limits: Limits,
        connections: Arc<dyn Connections>,
    ) -> Self {
        let state = GatewayState {
            platform,
            tokens,
            runs,
            limits,
            connections,
        };
        Self {
            state: Arc::new(state),
        }
    }

    /// The platform behind it.
    #[must_use]
    pub fn platform(&self) -> &Platform {
        &self.state.platform
    }

    /// How many connections are open.
    #[must_use]
    pub fn connections(&self) -> usize {
        self.state.connections.count()
    }

    /// The routes.
    pub fn router(&self) -> Router {
        Router::new()
            .route("/sign-up", post(sign_up))
            .route("/login", post(log_in))
            .route("/logout", post(log_out))
            .route("/runs", get(list_runs).post(run))
            .route("/ws", get(connect))
            .layer(DefaultBodyLimit::max(self.state.limits.message_bytes))
            .with_state(Arc::clone(&self.state))
    }
}

type Shared = State<Arc<GatewayState>>;
type Body<T> = Result<Json<T>, JsonRejection>;

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Credentials {
    user: String,
    password: String,
}

async fn sign_up(State(gateway): Shared, body: Body<Credentials>) -> Result<StatusCode, GatewayError> {
    let Json(Credentials { user, password }) = body?;
    gateway
        .platform
        .logins()
        .sign_up(user.as_str().into(), password)?;
    Ok(StatusCode::CREATED)
}

async fn log_in(State(gateway): Shared, body: Body<Credentials>) -> Result<Json<Value>, GatewayError> {
    let Json(Credentials { user, password }) = body?;
    let session = gateway
        .platform
        .logins()
        .log_in(&user.as_str().into(), &password)
        .await?;
    let token = gateway.tokens.issue(&session)?;
    let expires_in = gateway.tokens.lifetime().as_secs();
    Ok(Json(json!({ "token": token, "expires_in": expires_in })))
}

async fn log_out(State(gateway): Shared, headers: HeaderMap) -> Result<StatusCode, GatewayError> {
    let (_, session) = gateway.authenticate(&headers)?;
    gateway.log_out(&session).await?;
    Ok(StatusCode::NO_CONTENT)
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Question {
    thread: String,
    message: String,
}

async fn run(
    State(gateway): Shared,
    headers: HeaderMap,
    body: Body<Question>,
) -> Result<Json<StoredRun>, GatewayError> {
    let (_, session) = gateway.authenticate(&headers)?;
    let Json(Question { thread, message }) = body?;
    Ok(Json(gateway.ask(&session, thread, message).await?))
}

async fn list_runs(State(gateway): Shared, headers: HeaderMap) -> Result<Json<Vec<StoredRun>>, GatewayError> {
    let (_, session) = gateway.authenticate(&headers)?;
    Ok(Json(gateway.runs.list(session.user()).await?))
}

#[derive(Deserialize)]
struct Resume {
    #[serde(default)]
    received: u64,
}

async fn connect(
    State(gateway): Shared,
    headers: HeaderMap,
    resume: Result<Query<Resume>, QueryRejection>,
    upgrade: WebSocketUpgrade,
) -> Result<Response, GatewayError> {
    let (claims, session) = gateway.authenticate(&headers)?;
    let Query(Resume { received }) = resume?;
    let bytes = gateway.limits.message_bytes;
    let connection = Connection {
        gateway,
        claims,
        session,
        received,
    };
    Ok(upgrade
        .max_message_size(bytes)
        .max_frame_size(bytes)
        .on_upgrade(async move |web_socket| connection.serve(web_socket).await)
        .into_response())
}
