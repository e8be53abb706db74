use std::collections::BTreeMap;
use std::fmt;
use std::sync::Arc;

use async_trait::async_trait;

use crate::{Guarded, UserId};

/// A setting that every user who is there has, such as the version of the agents.
#[async_trait]
pub trait UserSettings: fmt::Debug + Send + Sync {
    /// Opens the session of a user, which has the current value from the start.
    async fn open(&self, user: &UserId);

    /// Sets the value for all users, one after another. A user whose session is opened meanwhile has it too.
    async fn update_all(&self, value: &str);

    /// The value of a user, or `None` if the user has no session or no value has been set.
    fn value(&self, user: &UserId) -> Option<String>;

    /// Closes the session of a user.
    fn close(&self, user: &UserId);
}

/// What is kept for a user while it is there.
#[derive(Debug, Default)]
pub struct UserSession {
    /// The setting, and how many updates came before it.
    setting: Guarded<(u64, Option<String>)>,
}

impl UserSession {
    /// The value of the setting.
    #[must_use]
    pub fn setting(&self) -> Option<String> {
        self.setting.with(|(_, value)| value.clone())
    }

    fn apply(&self, version: u64, value: &str) {
        // An update that overtook another one must not be undone by it.
        self.setting.with(|setting| {
            if setting.0 < version {
                *setting = (version, Some(value.to_owned()));
            }
        });
    }
}

/// The agents by name, and a session for each user. No session is shared, and none is reached through another user.
#[derive(Debug, Default)]
pub struct AgentRegistry(Guarded<State>);

#[derive(Debug, Default)]
struct State {
    agents: BTreeMap<String, String>,
    sessions: BTreeMap<UserId, Arc<UserSession>>,
    version: u64,
    current: Option<String>,
}

impl AgentRegistry {
    /// Registers an agent under a name, with what it is for. Returns false, and changes nothing, if the name is taken.
    pub fn register(&self, name: impl Into<String>, purpose: impl Into<String>) -> bool {
        let name = name.into();
        self.0.with(|state| {
            if state.agents.contains_key(&name) {
                return false;
            }
            state.agents.insert(name, purpose.into());
            true
        })
    }

    /// What the agent of this name is for, if there is one.
    #[must_use]
    pub fn purpose(&self, name: &str) -> Option<String> {
        self.0.with(|state| state.agents.get(name).cloned())
    }

    /// The session of a user; it is opened if there is none.
    #[must_use]
    pub fn session(&self, user: &UserId) -> Arc<UserSession> {
        self.0.with(|state| {
            let session = state.sessions.entry(user.clone()).or_default();
            if let Some(current) = &state.current {
                session.apply(state.version, current);
            }
            Arc::clone(session)
        })
    }

    /// The number of sessions.
    #[must_use]
    pub fn sessions(&self) -> usize {
        self.0.with(|state| state.sessions.len())
    }
}

#[async_trait]
impl UserSettings for AgentRegistry {
    async fn open(&self, user: &UserId) {
        tokio::task::yield_now().await;
        drop(self.session(user));
    }

    async fn update_all(&self, value: &str) {
        // Set before the pass: who comes during it has it from the start.
        let (version, sessions) = self.0.with(|state| {
            state.version += 1;
            state.current = Some(value.to_owned());
            (
                state.version,
                state.sessions.values().cloned().collect::<Vec<_>>(),
            )
        });
        for session in sessions {
            // Where a message to the client would be sent.
            tokio::task::yield_now().await;
            session.apply(version, value);
        }
    }

    fn value(&self, user: &UserId) -> Option<String> {
        let session = self.0.with(|state| state.sessions.get(user).cloned());
        session?.setting()
    }

    fn close(&self, user: &UserId) {
        self.0.with(|state| state.sessions.remove(user));
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_name_belongs_to_the_first_agent_that_takes_it() {
        let registry = AgentRegistry::default();
        assert!(registry.register("billing", "invoices"));
        assert!(!registry.register("billing", "something else"));
        assert_eq!(registry.purpose("billing").as_deref(), Some("invoices"));
        assert_eq!(registry.purpose("sales"), None);
    }

    #[test]
    fn each_user_has_one_session_of_its_own() {
        let registry = AgentRegistry::default();
        let (ada, again) = (registry.session(&"ada".into()), registry.session(&"ada".into()));
        assert!(Arc::ptr_eq(&ada, &again));
        assert!(!Arc::ptr_eq(&ada, &registry.session(&"ben".into())));
        registry.close(&"ada".into());
        assert_eq!(registry.sessions(), 1);
    }

    #[tokio::test]
    async fn who_comes_during_an_update_has_it() {
        let registry = AgentRegistry::default();
        registry.open(&"ada".into()).await;
        let ben = "ben".into();
        let update = registry.update_all("v2");
        tokio::join!(biased; update, registry.open(&ben));
        assert_eq!(registry.value(&"ada".into()).as_deref(), Some("v2"));
        assert_eq!(registry.value(&ben).as_deref(), Some("v2"));
    }

    #[tokio::test]
    async fn the_later_of_two_updates_at_once_is_the_one_that_stays() {
        let registry = AgentRegistry::default();
        for user in ["ada", "ben"] {
            registry.open(&user.into()).await;
        }
        let mut earlier = std::pin::pin!(registry.update_all("v2"));
        tokio::select! {
            biased;
            () = &mut earlier => panic!("it waits for the first client"),
            () = std::future::ready(()) => {}
        }
        registry.update_all("v3").await;
        earlier.await;
        assert_eq!(registry.value(&"ada".into()).as_deref(), Some("v3"));
        assert_eq!(registry.value(&"ben".into()).as_deref(), Some("v3"));
    }
}
