use std::collections::BTreeMap;

use thiserror::Error;

use crate::{Guarded, InvalidIdentity, RequestIds, SessionId, UserExecutionContext, UserId};

/// A user who has logged in.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Session {
    user: UserId,
    id: SessionId,
}

impl Session {
    /// The user.
    #[must_use]
    pub fn user(&self) -> &UserId {
        &self.user
    }

    /// The id of the session.
    #[must_use]
    pub fn id(&self) -> &SessionId {
        &self.id
    }
}

/// Knows the passwords, and who is logged in.
#[derive(Debug, Default)]
pub struct Logins(Guarded<State>);

#[derive(Debug, Default)]
struct State {
    passwords: BTreeMap<UserId, String>,
    sessions: BTreeMap<SessionId, UserId>,
    /// How many sessions each user has had.
    begun: BTreeMap<UserId, u64>,
}

impl Logins {
    /// Signs a user up.
    ///
    /// # Errors
    ///
    /// Returns an error if the id is not valid or taken.
    pub fn sign_up(&self, user: UserId, password: impl Into<String>) -> Result<(), LoginError> {
        // By the rules of a context, so that who can sign up can have an engine too.
        UserExecutionContext::new(RequestIds {
            user: user.clone(),
            thread: "sign-up".into(),
            run: "sign-up".into(),
            session: "sign-up".into(),
        })?;
        self.0.with(|state| {
            if state.passwords.contains_key(&user) {
                return Err(LoginError::Taken);
            }
            state.passwords.insert(user, password.into());
            Ok(())
        })
    }

    /// Logs a user in. A user can have several sessions.
    ///
    /// # Errors
    ///
    /// Returns an error if the user or the password is wrong; it does not say which.
    pub async fn log_in(&self, user: &UserId, password: &str) -> Result<Session, LoginError> {
        tokio::task::yield_now().await;
        self.0.with(|state| {
            if state.passwords.get(user).is_none_or(|known| known != password) {
                return Err(LoginError::Refused);
            }
            let number = state.begun.entry(user.clone()).or_default();
            *number += 1;
            let id = SessionId::new(format!("{user}.session.{number}"));
            state.sessions.insert(id.clone(), user.clone());
            Ok(Session {
                user: user.clone(),
                id,
            })
        })
    }

    /// Ends a session. Returns false if it had ended.
    pub fn log_out(&self, session: &Session) -> bool {
        self.0.with(|state| state.sessions.remove(&session.id).is_some())
    }

    /// Returns whether a user has a session that has not ended.
    #[must_use]
    pub fn is_present(&self, user: &UserId) -> bool {
        self.0
            .with(|state| state.sessions.values().any(|present| present == user))
    }

    /// Returns the session of this id, if it is this user's.
    ///
    /// # Errors
    ///
    /// Returns an error if there is none, or if it has ended.
    pub fn session(&self, user: &UserId, id: &SessionId) -> Result<Session, LoginError> {
        let session = Session {
            user: user.clone(),
            id: id.clone(),
        };
        if self.is_logged_in(&session) {
            Ok(session)
        } else {
            Err(LoginError::LoggedOut)
        }
    }

    /// Returns whether a session is that of its user, and has not ended.
    #[must_use]
    pub fn is_logged_in(&self, session: &Session) -> bool {
        self.0
            .with(|state| state.sessions.get(&session.id) == Some(&session.user))
    }
}

/// Why nobody was signed up or logged in. Names no other user.
#[derive(Clone, Debug, PartialEq, Eq, Error)]
pub enum LoginError {
    /// The id is not valid.
    #[error(transparent)]
    Invalid(#[from] InvalidIdentity),
    /// The id is taken.
    #[error("the user id is taken; choose another one")]
    Taken,
    /// The user or the password is wrong.
    #[error("the user or the password is wrong")]
    Refused,
    /// The session has ended.
    #[error("the session has ended; log in again")]
    LoggedOut,
}
