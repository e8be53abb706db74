use std::collections::BTreeMap;

use super::Guarded;
use crate::user::UserId;

/// What is known of a user for good.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Account {
    /// Whose it is.
    pub owner: UserId,
    /// What the user pays for.
    pub plan: &'static str,
}

/// The account of each user.
#[derive(Debug, Default)]
pub struct AccountStore(Guarded<BTreeMap<UserId, Account>>);

impl AccountStore {
    /// Makes sure that the user has an account.
    pub async fn open(&self, user: &UserId) {
        tokio::task::yield_now().await;
        self.0.with(|accounts| {
            accounts.entry(user.clone()).or_insert_with(|| Account {
                owner: user.clone(),
                plan: "free",
            });
        });
    }

    /// The user's account, if there is one.
    pub async fn of(&self, user: &UserId) -> Option<Account> {
        tokio::task::yield_now().await;
        self.0.with(|accounts| accounts.get(user).cloned())
    }
}
