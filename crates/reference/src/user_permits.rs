use std::collections::BTreeMap;
use std::sync::{Arc, Weak};

use tokio::sync::Semaphore;

use super::{Guarded, UserId};

/// The permits to run, of which each user has a number of its own on all engines together. A user without an engine takes no
/// space.
#[derive(Debug)]
pub(super) struct UserPermits {
    width: u32,
    by_user: Guarded<BTreeMap<UserId, Weak<Semaphore>>>,
}

impl UserPermits {
    /// Gives each user `width` permits, and one where that is 0.
    pub(super) fn new(width: u32) -> Self {
        Self {
            width: width.max(1),
            by_user: Guarded::default(),
        }
    }

    /// The permits of this user, for an engine to hold on to.
    pub(super) fn of(&self, user: &UserId) -> Arc<Semaphore> {
        self.by_user.with(|by_user| {
            by_user.retain(|_, permits| permits.strong_count() > 0);
            if let Some(permits) = by_user.get(user).and_then(Weak::upgrade) {
                return permits;
            }
            let permits = Arc::new(Semaphore::new(self.width as usize));
            by_user.insert(user.clone(), Arc::downgrade(&permits));
            permits
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_engines_of_a_user_share_permits_and_those_of_two_users_do_not() {
        let all = UserPermits::new(2);
        let (ada, again, ben) = (
            all.of(&"ada".into()),
            all.of(&"ada".into()),
            all.of(&"ben".into()),
        );
        assert!(Arc::ptr_eq(&ada, &again) && !Arc::ptr_eq(&ada, &ben));
        assert_eq!(ada.available_permits(), 2);
    }

    #[test]
    fn a_user_who_has_left_takes_no_space() {
        let all = UserPermits::new(1);
        for name in ["ada", "ben", "cleo"] {
            drop(all.of(&name.into()));
        }
        let _kept = all.of(&"dan".into());
        assert_eq!(all.by_user.with(|by_user| by_user.len()), 1);
    }
}
