use std::sync::{Arc, Mutex, PoisonError};

use super::identities;
use super::member::Member;
use super::secret::{Secret, SecretKind};
use super::{IdentityMode, UserContext};

/// The users of one world, with their identities and secrets.
///
/// A world is a number. It alone determines how the users' ids relate, what they are, and what every secret is, in
/// every version of every dependency, so that a schedule's text means the same for ever.
#[derive(Debug)]
pub(crate) struct Cast {
    world: u64,
    mode: IdentityMode,
    members: Vec<Member>,
    minted: Mutex<Minted>,
}

#[derive(Debug)]
struct Minted {
    in_order: Vec<Arc<Secret>>,
    by_owner: Vec<Vec<Arc<Secret>>>,
}

impl Cast {
    /// The first `users` users of `world`. A smaller cast of a world is the beginning of a larger one.
    pub(crate) fn draw(world: u64, users: usize) -> Arc<Self> {
        let mode = IdentityMode::of_world(world);
        let contexts: Vec<UserContext> = identities::draw(world, mode, users);
        Arc::new(Self {
            world,
            mode,
            members: contexts
                .into_iter()
                .enumerate()
                .map(|(index, context)| Member::new(index, context))
                .collect(),
            minted: Mutex::new(Minted {
                in_order: Vec::new(),
                by_owner: vec![Vec::new(); users],
            }),
        })
    }

    pub(crate) fn world(&self) -> u64 {
        self.world
    }

    pub(crate) fn mode(&self) -> IdentityMode {
        self.mode
    }

    pub(crate) fn len(&self) -> usize {
        self.members.len()
    }

    pub(crate) fn is_empty(&self) -> bool {
        self.members.is_empty()
    }

    /// The user at `index`.
    ///
    /// # Panics
    ///
    /// Where the cast has no such user.
    pub(crate) fn member(&self, index: usize) -> &Member {
        &self.members[index]
    }

    pub(crate) fn members(&self) -> &[Member] {
        &self.members
    }

    /// The user's secret of that kind and label: the same text at every call, digits for a number.
    pub(crate) fn mint(&self, user: usize, kind: SecretKind, label: &str) -> String {
        let mut minted = self.minted.lock().unwrap_or_else(PoisonError::into_inner);
        let known = minted.by_owner[user]
            .iter()
            .find(|secret| secret.kind() == kind && secret.label() == label);
        if let Some(secret) = known {
            return secret.text().to_owned();
        }
        let secret = Arc::new(Secret::derive(self.world, user, kind, label));
        minted.in_order.push(Arc::clone(&secret));
        minted.by_owner[user].push(Arc::clone(&secret));
        secret.text().to_owned()
    }

    /// The user's secret number of that label.
    pub(crate) fn mint_number(&self, user: usize, label: &str) -> u64 {
        let digits = self.mint(user, SecretKind::Number, label);
        digits.parse().expect("a secret number is 15 digits")
    }

    /// How many secrets were minted so far: more than last time means that there is more to search for.
    pub(crate) fn minted_count(&self) -> usize {
        self.minted
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
            .in_order
            .len()
    }

    /// The secrets minted so far but for the first `known`, in the order in which they were.
    pub(crate) fn minted_since(&self, known: usize) -> Vec<Arc<Secret>> {
        let minted = self.minted.lock().unwrap_or_else(PoisonError::into_inner);
        minted.in_order.get(known..).unwrap_or_default().to_vec()
    }

    /// The secrets minted so far for one user.
    pub(crate) fn minted_for(&self, user: usize) -> Vec<Arc<Secret>> {
        self.minted
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
            .by_owner[user]
            .clone()
    }
}
