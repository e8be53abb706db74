use std::sync::Arc;

use axum::http::{HeaderMap, header};

use super::connections::Connections;
use super::{Claims, GatewayError, InvalidToken, Limits, NewRun, RunStore, StoredRun, TokenKey};
use crate::platform::{Platform, PlatformError, Session};

/// What the routes have in common.
#[derive(Debug)]
pub(super) struct GatewayState {
    pub(super) platform: Platform,
    pub(super) tokens: TokenKey,
    pub(super) runs: Arc<dyn RunStore>,
    pub(super) limits: Limits,
    pub(super) connections: Arc<dyn Connections>,
}

impl GatewayState {
    /// The session of a request's token.
    pub(super) fn authenticate(&self, headers: &HeaderMap) -> Result<(Claims, Session), GatewayError> {
        let value = headers.get(header::AUTHORIZATION).ok_or(InvalidToken::Missing)?;
        let token = value
            .to_str()
            .ok()
            .and_then(|value| value.strip_prefix("Bearer "))
            .ok_or(InvalidToken::Refused)?;
        let claims = self.tokens.verify(token)?;
        // Of a session that has ended it is told as of one that never was.
        let session = self
            .platform
            .logins()
            .session(&claims.user.as_str().into(), &claims.session.as_str().into())?;
        Ok((claims, session))
    }

    /// Whether a session may go on.
    pub(super) fn check(&self, claims: &Claims, session: &Session) -> Result<(), GatewayError> {
        self.tokens.check_time(claims)?;
        self.platform.logins().session(session.user(), session.id())?;
        Ok(())
    }

    /// Answers a question and stores the run.
    pub(super) async fn ask(
        &self,
        session: &Session,
        thread: String,
        question: String,
    ) -> Result<StoredRun, GatewayError> {
        let answered = self.answer(session, thread, question).await;
        if let Err(error) = &answered {
            tracing::warn!(user = %session.user(), error = error.message(), "a question was not answered");
        }
        answered
    }

    async fn answer(
        &self,
        session: &Session,
        thread: String,
        question: String,
    ) -> Result<StoredRun, GatewayError> {
        let answer = self.platform.ask(session, &thread, &question).await?;
        let run = NewRun {
            thread,
            question,
            answer,
        };
        Ok(self.runs.add(session.user(), run).await?)
    }

    /// Ends a session, and its connection.
    pub(super) async fn log_out(&self, session: &Session) -> Result<(), GatewayError> {
        if let Some(socket) = self.connections.remove(session.id()) {
            socket.lose();
        }
        match self.platform.log_out(session).await {
            // Events that the client has not acknowledged are lost with the session, as it wanted.
            Ok(()) | Err(PlatformError::Socket(_)) => Ok(()),
            Err(error) => Err(error.into()),
        }
    }

    /// Ends a session whose token has expired. Nobody can log out of it, or come back to it.
    pub(super) async fn expire(&self, session: &Session) {
        match self.log_out(session).await {
            // The user was quicker.
            Ok(()) | Err(GatewayError::Platform(PlatformError::Login(_))) => {}
            Err(error) => {
                tracing::warn!(user = %session.user(), error = error.message(), "a session did not end well");
            }
        }
    }
}
