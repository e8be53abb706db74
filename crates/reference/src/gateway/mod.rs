//! The platform behind HTTP: a login that issues short-lived tokens, and a WebSocket for each session. Behind the feature `gateway`.
//!
//! | route | takes | gives |
//! |---|---|---|
//! | `POST /sign-up` | `{"user", "password"}` | 201 |
//! | `POST /login` | `{"user", "password"}` | `{"token", "expires_in"}`, in seconds |
//! | `POST /logout` | the token | 204 |
//! | `POST /runs` | the token, `{"thread", "message"}` | the run: `{"number", "thread", "question", "answer"}` |
//! | `GET /runs` | the token | the runs of the user, oldest first |
//! | `GET /ws?received=N` | the token, and the number of the last event that the client has | a WebSocket: [`ClientMessage`] and [`ServerMessage`] |
//!
//! The token travels in the header `Authorization: Bearer ..`, never in an address, which ends up in logs. An error is JSON, `{"error"}`, and
//! says no more to who has no token than that there is none.

mod connection;
mod connections;
mod error;
pub(crate) mod http_model;
mod limits;
mod messages;
mod pace;
pub(crate) mod postgres_run_store;
mod routes;
mod run_store;
mod state;
mod token;
mod web_socket;

pub(crate) use connections::Connections;
pub use error::GatewayError;
pub use http_model::HttpModel;
pub use limits::Limits;
pub use messages::{ClientMessage, Reply, ServerMessage};
pub use postgres_run_store::PostgresRunStore;
pub use routes::Gateway;
pub use run_store::{InMemoryRunStore, NewRun, RunStore, RunStoreError, StoredRun};
pub use token::{Claims, InvalidToken, TokenKey};
pub(crate) use web_socket::ClientSocket;
