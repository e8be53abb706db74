//! Row 48, *skipped-while-iterating*: an update goes through a list by position, and the list changes under it.
//!
//! New sessions are put at the front of the list, for they are looked up most. A pass that has gone by the front does not see them.

use async_trait::async_trait;
use tokio::task::yield_now;

use crate::legacy::base::wrapping_factory;
use crate::workflow::UserSettings;
use crate::{Guarded, UserId};

wrapping_factory! {
    /// Creates canonical engines, and sessions in a list.
    BroadcastCursorFactory { sessions: SessionList = SessionList::default() }
    given {
        fn settings(&self) -> Option<&dyn UserSettings> {
            Some(&self.sessions)
        }
    }
}

#[derive(Debug, Default)]
struct SessionList(Guarded<Vec<(UserId, String)>>);

#[async_trait]
impl UserSettings for SessionList {
    async fn open(&self, user: &UserId) {
        yield_now().await;
        self.0
            .with(|sessions| sessions.insert(0, (user.clone(), String::new())));
    }

    async fn update_all(&self, value: &str) {
        let mut at = 0;
        while self
            .0
            .with(|sessions| {
                sessions
                    .get_mut(at)
                    .map(|session| value.clone_into(&mut session.1))
            })
            .is_some()
        {
            at += 1;
            yield_now().await;
        }
    }

    fn value(&self, user: &UserId) -> Option<String> {
        self.0.with(|sessions| {
            let session = sessions.iter().find(|(owner, _)| owner == user)?;
            Some(session.1.clone()).filter(|value| !value.is_empty())
        })
    }

    fn close(&self, user: &UserId) {
        self.0
            .with(|sessions| sessions.retain(|(owner, _)| owner != user));
    }
}
