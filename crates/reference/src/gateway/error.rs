use std::error::Error as _;

use axum::Json;
use axum::extract::rejection::{JsonRejection, QueryRejection};
use axum::http::StatusCode;
use axum::response::{IntoResponse, Response};
use serde_json::json;
use thiserror::Error;

use super::{InvalidToken, RunStoreError};
use crate::platform::{LoginError, PlatformError};

/// Why a request was refused. Names no other user.
#[derive(Debug, Error)]
pub enum GatewayError {
    /// The body is not what the route takes.
    #[error("{0}")]
    Malformed(String),
    /// The body is too large.
    #[error("the body is too large")]
    TooLarge,
    /// There is no valid token.
    #[error(transparent)]
    Token(#[from] InvalidToken),
    /// Nobody was signed up or logged in, or the session has ended.
    #[error(transparent)]
    Login(#[from] LoginError),
    /// The platform did not do it.
    #[error(transparent)]
    Platform(#[from] PlatformError),
    /// The run was not stored, or not found.
    #[error(transparent)]
    Store(#[from] RunStoreError),
}

impl GatewayError {
    fn status(&self) -> StatusCode {
        match self {
            Self::Malformed(_) | Self::Login(LoginError::Invalid(_)) => StatusCode::BAD_REQUEST,
            Self::TooLarge => StatusCode::PAYLOAD_TOO_LARGE,
            Self::Token(_)
            | Self::Login(LoginError::Refused | LoginError::LoggedOut)
            | Self::Platform(PlatformError::Login(_)) => StatusCode::UNAUTHORIZED,
            Self::Login(LoginError::Taken) => StatusCode::CONFLICT,
            Self::Platform(_) => StatusCode::BAD_GATEWAY,
            Self::Store(_) => StatusCode::SERVICE_UNAVAILABLE,
        }
    }
}

impl GatewayError {
    /// What the client is told: the error, and what caused it.
    pub(super) fn message(&self) -> String {
        let mut said = self.to_string();
        let mut cause = self.source();
        while let Some(error) = cause {
            said = format!("{said}: {error}");
            cause = error.source();
        }
        said
    }
}

impl From<JsonRejection> for GatewayError {
    fn from(rejection: JsonRejection) -> Self {
        if rejection.status() == StatusCode::PAYLOAD_TOO_LARGE {
            Self::TooLarge
        } else {
            Self::Malformed(rejection.body_text())
        }
    }
}

impl From<QueryRejection> for GatewayError {
    fn from(rejection: QueryRejection) -> Self {
        Self::Malformed(rejection.body_text())
    }
}

impl IntoResponse for GatewayError {
    fn into_response(self) -> Response {
        (self.status(), Json(json!({ "error": self.message() }))).into_response()
    }
}
