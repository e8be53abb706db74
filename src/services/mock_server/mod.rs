//! A server of plain requests and replies, by [`wiremock`]: [`Case::mock_server`](crate::case::Case::mock_server).
//!
//! ```
//! use ssot_harness::prelude::*;
//! use wiremock::ResponseTemplate;
//! use wiremock::matchers::{method, path};
//!
//! # async fn body(case: &Case) -> CaseResult {
//! let server = case.mock_server().await;
//! server.given(method("GET")).and(path("/rates")).named("rates").respond_with(ResponseTemplate::new(200)).await;
//! let address = server.uri(); // what the system is given
//! # Ok(())
//! # }
//! ```
//!
//! At the end, the test fails where a request came that no mock was for; the report shows the nearest mock, and which of its conditions did not hold. A mock that is mounted on
//! [`MockServer::wiremock`] itself answers too, and is not among those that are shown.

mod server;
mod users;

pub use super::unmatched::Unmatched;
pub use server::{MockBuilder, MockServer};
