use std::collections::BTreeMap;

use super::{Guarded, UserId};

/// The stored data of one user.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Account {
    /// The user whose account it is.
    pub owner: UserId,
    /// The plan that the user pays for.
    pub plan: &'static str,
}

/// Stores one account for each user.
#[derive(Debug, Default)]
pub struct AccountStore(Guarded<BTreeMap<UserId, Account>>);

impl AccountStore {
    /// Creates an account for the user if there is none.
    pub async fn open(&self, user: &UserId) {
        tokio::task::yield_now().await;
        self.0.with(|accounts| {
            accounts.entry(user.clone()).or_insert_with(|| Account {
                owner: user.clone(),
                plan: "free",
            });
        });
    }

    /// Returns the account of the user, if there is one.
    pub async fn get(&self, user: &UserId) -> Option<Account> {
        tokio::task::yield_now().await;
        self.0.with(|accounts| accounts.get(user).cloned())
    }
}
