use std::collections::BTreeMap;
use std::sync::Arc;

use axum::http::{HeaderMap, header};

use super::web_socket::ClientSocket;
use super::{Claims, GatewayError, InvalidToken, Limits, NewRun, RunStore, StoredRun, TokenKey};
use crate::platform::{Platform, PlatformError, Session};
use crate::{Guarded, SessionId};

/// What the routes have in common.
#[derive(Debug)]
pub(super) struct GatewayState {
    pub(super) platform: Platform,
    pub(super) tokens: TokenKey,
    pub(super) runs: Arc<dyn RunStore>,
    pub(super) limits: Limits,
    sockets: Guarded<Sockets>,
}

/// The connection of each session.
#[derive(Debug, Default)]
struct Sockets {
    by_session: BTreeMap<SessionId, (u64, ClientSocket)>,
    last: u64,
}

impl GatewayState {
    pub(super) fn new(platform: Platform, tokens: TokenKey, runs: Arc<dyn RunStore>, limits: Limits) -> Self {
        Self {
            platform,
            tokens,
            runs,
            limits,
            sockets: Guarded::default(),
        }
    }

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

    /// Makes this the connection of a session. The one that it had is lost. Returns what [`leave_place`](Self::leave_place) takes.
    pub(super) fn take_place(&self, session: &Session, socket: &ClientSocket) -> u64 {
        let (place, before) = self.sockets.with(|sockets| {
            sockets.last += 1;
            let entry = (sockets.last, socket.clone());
            (
                sockets.last,
                sockets.by_session.insert(session.id().clone(), entry),
            )
        });
        if let Some((_, before)) = before {
            before.lose();
        }
        place
    }

    /// The connection that took this place has ended. Another one that has taken it since stays.
    pub(super) fn leave_place(&self, session: &Session, place: u64) {
        self.sockets.with(|sockets| {
            let is_own = |entry: &(u64, ClientSocket)| entry.0 == place;
            if sockets.by_session.get(session.id()).is_some_and(is_own) {
                sockets.by_session.remove(session.id());
            }
        });
    }

    /// Ends a session, and its connection.
    pub(super) async fn log_out(&self, session: &Session) -> Result<(), GatewayError> {
        let connection = self
            .sockets
            .with(|sockets| sockets.by_session.remove(session.id()));
        if let Some((_, socket)) = connection {
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

    /// How many connections there are.
    pub(super) fn connections(&self) -> usize {
        self.sockets.with(|sockets| sockets.by_session.len())
    }
}
