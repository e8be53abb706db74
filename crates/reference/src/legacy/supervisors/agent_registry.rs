//! Row 48, *skipped-while-iterating*: an update of all sessions skips those that are opened meanwhile.
//!
//! The names of the users are copied, then each user is updated, which waits for its client. A session that is opened during the pass is
//! not in the copy, and starts with nothing.

use std::collections::BTreeMap;

use async_trait::async_trait;
use tokio::task::yield_now;

use crate::legacy::base::wrapping_factory;
use crate::workflow::UserSettings;
use crate::{Guarded, UserId};

wrapping_factory! {
    /// Creates canonical engines, and sessions of a second registry.
    DuplicateRegistryFactory { registry: AgentRegistry = AgentRegistry::default() }
    given {
        fn settings(&self) -> Option<&dyn UserSettings> {
            Some(&self.registry)
        }
    }
}

/// A second registry of agents, beside the one that is to be the only one.
#[derive(Debug, Default)]
pub struct AgentRegistry {
    sessions: Guarded<BTreeMap<UserId, Option<String>>>,
}

#[async_trait]
impl UserSettings for AgentRegistry {
    async fn open(&self, user: &UserId) {
        yield_now().await;
        self.sessions
            .with(|sessions| sessions.entry(user.clone()).or_default().take());
    }

    async fn update_all(&self, value: &str) {
        let users: Vec<_> = self.sessions.with(|sessions| sessions.keys().cloned().collect());
        for user in users {
            yield_now().await;
            self.sessions.with(|sessions| {
                if let Some(session) = sessions.get_mut(&user) {
                    *session = Some(value.to_owned());
                }
            });
        }
    }

    fn value(&self, user: &UserId) -> Option<String> {
        self.sessions
            .with(|sessions| sessions.get(user).cloned().flatten())
    }

    fn close(&self, user: &UserId) {
        self.sessions.with(|sessions| sessions.remove(user));
    }
}
