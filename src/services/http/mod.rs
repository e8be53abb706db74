//! A client of one user for an HTTP application, over an in-memory stream: [`User::http`](crate::trace::User::http).
//!
//! The application is any tower or hyper service of HTTP requests, or any function that serves a stream. It runs in the process, under the
//! schedule and the clock of the check, without a socket. Whatever comes back is an observation of the client's user.
//!
//! ```
//! use axum::Router;
//! use axum::routing::post;
//! use ssot_harness::prelude::*;
//!
//! # fn main() -> Verdict {
//! isolation(async || Router::new().route("/echo", post(async |body: String| body)))
//!     .users(2, async |user: &User, app: &Router| {
//!         let http = user.http(app);
//!         let reply = http.post("/echo").body(user.secret("note")).await?;
//!         assert_eq!(reply.status(), 200);
//!         Ok(())
//!     })
//! #   .executions(50)
//!     .check()
//! # }
//! ```
//!
//! # What is observed
//!
//! Each reply is one observation on [`Surface::Reply`](crate::trace::Surface::Reply): an object with `status`, `headers` and `body`, which is JSON where the reply
//! says so, else text. Replies that redirect are observed too. Of an exchange that does not come to its end, what came is observed when it is given
//! up. Events of a stream and data frames of a WebSocket are observed on [`Surface::Event`](crate::trace::Surface::Event).
//!
//! # What differs by nature
//!
//! These headers are not compared with what the user sees alone. Secrets are searched for in them all the same.
//!
//! | header | what becomes of it |
//! |---|---|
//! | `age`, `date`, `expires`, `last-modified`, `server-timing`, `x-response-time`, `x-runtime` | a time |
//! | `cf-ray`, `etag`, `request-id`, `sec-websocket-accept`, `traceparent`, `x-amzn-requestid`, `x-amzn-trace-id`, `x-b3-spanid`, `x-b3-traceid`, `x-correlation-id`, `x-request-id`, `x-trace-id` | an id: the same id keeps its number |
//! | `set-cookie` | the value is an id; name and attributes are compared. A value of 16 characters or more is a *credential*: no other user may see it |
//! | `connection`, `content-length`, `keep-alive`, `transfer-encoding` | left out: they say how the body is framed |
//!
//! [`HttpClient::differs`] adds a header to the ids, [`HttpClient::compared`] takes one out of the table.

mod application;
mod body;
mod client;
mod connection;
mod cookies;
mod error;
mod exchange;
mod multipart;
mod observed;
mod raw;
mod request;
mod response;
mod service;
mod settings;
mod sse;
mod sse_event;
mod state;
mod stream;
mod users;
#[cfg(feature = "ws")]
mod websocket;

pub use application::{Application, ByClosure, ByHyper, ByTower, Connector};
pub use client::HttpClient;
pub use error::{HttpError, HttpErrorKind};
pub use multipart::Multipart;
pub use raw::RawStream;
pub use request::RequestBuilder;
pub use response::{Response, ResponseStream};
pub use service::ServiceBody;
pub use sse::{EventStream, SseBuilder};
pub use sse_event::SseEvent;
#[cfg(feature = "ws")]
#[cfg_attr(docsrs, doc(cfg(feature = "ws")))]
pub use websocket::{Frame, WebSocket, WebSocketBuilder};
