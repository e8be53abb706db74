use std::sync::{Arc, Mutex, PoisonError};

use super::identities;
use super::identity::Identity;
use super::secret::{Secret, SecretKind};
use super::{IdentityMode, UserContext};

/// The users of one identity seed, with their identities and secrets.
///
/// An identity seed is a number. It alone determines how the users' ids relate, what they are, and what every secret is, in
/// every version of every dependency, so that a schedule's text means the same for ever.
#[derive(Debug)]
pub(crate) struct Population {
    identity_seed: u64,
    mode: IdentityMode,
    members: Vec<Identity>,
    minted: Mutex<Minted>,
}

#[derive(Debug)]
struct Minted {
    in_order: Vec<Arc<Secret>>,
    by_owner: Vec<Vec<Arc<Secret>>>,
}

impl Population {
    /// The first `users` users of `identity_seed`. A smaller population of an identity seed is the beginning of a larger one.
    pub(crate) fn draw(identity_seed: u64, users: usize) -> Arc<Self> {
        let mode = IdentityMode::of_identity_seed(identity_seed);
        let contexts: Vec<UserContext> = identities::draw(identity_seed, mode, users);
        Arc::new(Self {
            identity_seed,
            mode,
            members: contexts
                .into_iter()
                .enumerate()
                .map(|(index, context)| Identity::new(index, context))
                .collect(),
            minted: Mutex::new(Minted {
                in_order: Vec::new(),
                by_owner: vec![Vec::new(); users],
            }),
        })
    }

    pub(crate) fn mode(&self) -> IdentityMode {
        self.mode
    }

    pub(crate) fn len(&self) -> usize {
        self.members.len()
    }

    /// The user at `index`.
    ///
    /// # Panics
    ///
    /// Where the population has no such user.
    pub(crate) fn identity(&self, index: usize) -> &Identity {
        &self.members[index]
    }

    pub(crate) fn identities(&self) -> &[Identity] {
        &self.members
    }

    /// The user's secret of that kind and label: the same text at every call, digits for a number.
    pub(crate) fn mint(&self, user: usize, kind: SecretKind, label: &str) -> String {
        let mut minted = self.minted.lock().unwrap_or_else(PoisonError::into_inner);
        let known = minted.by_owner[user]
            .iter()
            .find(|secret| secret.owners() == [user] && secret.kind() == kind && secret.label() == label);
        if let Some(secret) = known {
            return secret.text().to_owned();
        }
        let secret = Arc::new(Secret::derive(self.identity_seed, user, kind, label));
        minted.in_order.push(Arc::clone(&secret));
        minted.by_owner[user].push(Arc::clone(&secret));
        secret.text().to_owned()
    }

    /// The secret of that label that these users, of ascending indices, have together: the same text for each of them.
    pub(crate) fn mint_shared(&self, users: &[usize], label: &str) -> String {
        let mut minted = self.minted.lock().unwrap_or_else(PoisonError::into_inner);
        let known = minted.by_owner[users[0]]
            .iter()
            .find(|secret| secret.owners() == users && secret.label() == label);
        if let Some(secret) = known {
            return secret.text().to_owned();
        }
        let secret = Arc::new(Secret::shared(self.identity_seed, users, label));
        minted.in_order.push(Arc::clone(&secret));
        for &user in users {
            minted.by_owner[user].push(Arc::clone(&secret));
        }
        secret.text().to_owned()
    }

    /// The user's secret number of that label.
    pub(crate) fn mint_number(&self, user: usize, label: &str) -> u64 {
        let digits = self.mint(user, SecretKind::Number, label);
        digits.parse().expect("a secret number is 15 digits")
    }

    /// The kinds and labels minted so far, for whichever user, each once.
    pub(crate) fn minted_names(&self) -> Vec<(SecretKind, String)> {
        let mut names: Vec<_> = self
            .minted_since(0)
            .iter()
            .filter(|secret| secret.owners().len() == 1)
            .map(|secret| (secret.kind(), secret.label().to_owned()))
            .collect();
        names.sort();
        names.dedup();
        names
    }

    /// Mints secrets of these names for every user, so that they are looked for.
    pub(crate) fn mint_all(&self, names: &[(SecretKind, String)]) {
        for user in 0..self.len() {
            for (kind, label) in names {
                self.mint(user, *kind, label);
            }
        }
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
#[cfg(test)]
mod tests {
    use std::collections::HashSet;

    use rstest::rstest;

    use super::{IdentityMode, Population, SecretKind};

    const KINDS: [SecretKind; 4] = [
        SecretKind::Text,
        SecretKind::Email,
        SecretKind::Uuid,
        SecretKind::Number,
    ];

    fn ids(population: &Population, user: usize) -> [String; 4] {
        let context = population.identity(user).context();
        [&*context.user, &*context.thread, &*context.run, &*context.session].map(str::to_owned)
    }

    fn secrets(population: &Population, user: usize) -> [String; 4] {
        KINDS.map(|kind| population.mint(user, kind, "card"))
    }

    #[test]
    fn identity_seeds_stay_the_same_for_ever() {
        assert_eq!(
            ids(&Population::draw(0, 2), 1),
            [
                "user-ym7p8gja",
                "thread-n76mmwq4",
                "run-vm5en2ak",
                "session-qg7f5896"
            ]
        );
        assert_eq!(
            ids(&Population::draw(1, 2), 1),
            [
                "user-bwqka76x",
                "thread-thb6afyd",
                "run-cav5rrhv",
                "session-gxuhmje6"
            ]
        );
        assert_eq!(
            ids(&Population::draw(2, 2), 1),
            ["user-10", "thread-10", "run-10", "session-10"]
        );
        assert_eq!(
            secrets(&Population::draw(0, 2), 1),
            [
                "krvw29kmsfcf48drxkmqqk57mp",
                "787p3nqupg5sygv6@j9t63q7uhwyg.example",
                "5cb2fa83-e163-4332-a455-3c399244c0ad",
                "509080384283383",
            ]
        );
        assert_eq!(
            secrets(&Population::draw(7, 2), 0)[0],
            "wt3hrnnause9ft3rzfpabvkvb2"
        );
    }

    #[test]
    fn identity_seeds_go_through_the_modes_in_turn() {
        let modes = [0, 1, 2, 3, 3_000_001].map(|identity_seed| Population::draw(identity_seed, 1).mode());
        let [distinct, colliding, look_alike] = IdentityMode::ALL;
        assert_eq!(modes, [distinct, colliding, look_alike, distinct, colliding]);
        assert_eq!(
            IdentityMode::ALL.map(|mode| mode.to_string()),
            ["distinct", "colliding", "look-alike"]
        );
    }

    #[rstest]
    #[case(0, [1_500, 1_500, 1_500, 1_500])]
    #[case(1, [1_500, 1, 1_500, 1])]
    #[case(2, [1_500, 1_500, 1_500, 1_500])]
    fn as_many_ids_are_different_as_the_mode_says(#[case] identity_seed: u64, #[case] different: [usize; 4]) {
        let population = Population::draw(identity_seed, 1_500);
        let mut seen: [HashSet<String>; 4] = Default::default();
        for user in 0..population.len() {
            for (seen, id) in seen.iter_mut().zip(ids(&population, user)) {
                seen.insert(id);
            }
        }
        assert_eq!(seen.each_ref().map(HashSet::len), different);
        let all: HashSet<_> = seen.iter().flatten().collect();
        assert_eq!(all.len(), different.iter().sum::<usize>());
    }

    #[test]
    fn every_user_has_a_name_of_its_own() {
        let population = Population::draw(0, 40);
        let names: HashSet<_> = population
            .identities()
            .iter()
            .map(super::Identity::name)
            .collect();
        assert_eq!(names.len(), 40);
        assert_eq!(
            [0, 1, 16].map(|user| population.identity(user).name()),
            ["ada", "ben", "user17"]
        );
    }

    #[test]
    fn a_smaller_population_is_the_beginning_of_a_larger_one() {
        for identity_seed in 0..3 {
            assert_eq!(
                Population::draw(identity_seed, 2).identities(),
                &Population::draw(identity_seed, 5).identities()[..2]
            );
        }
    }

    #[test]
    fn a_secret_is_minted_once() {
        let population = Population::draw(0, 2);
        let first = secrets(&population, 0);
        assert_eq!(population.minted_count(), 4);
        assert_eq!(secrets(&population, 0), first);
        assert_eq!(population.minted_count(), 4);
        let different: HashSet<_> = first.iter().cloned().chain(secrets(&population, 1)).collect();
        assert_eq!(different.len(), 8);
        let names: Vec<_> = population
            .minted_since(4)
            .iter()
            .map(|secret| secret.name())
            .collect();
        assert_eq!(names, ["card", "email card", "uuid card", "number card"]);
        assert_eq!(population.minted_for(1), population.minted_since(4));
    }

    #[test]
    fn secrets_have_the_form_of_their_kind() {
        let population = Population::draw(4, 100);
        for user in 0..population.len() {
            let [text, email, uuid, number] = secrets(&population, user);
            assert!(
                text.len() == 26 && text.chars().all(|c| matches!(c, 'a'..='z' | '2'..='9')),
                "{text}"
            );
            assert!(!text.contains(['i', 'l', 'o']), "{text}");
            let (local, domain) = email.split_once('@').expect("an address has an @");
            assert!(
                local.len() == 16 && domain.len() == 20 && domain.ends_with(".example"),
                "{email}"
            );
            let groups: Vec<_> = uuid.split('-').map(str::len).collect();
            assert_eq!(groups, [8, 4, 4, 4, 12], "{uuid}");
            assert!(
                uuid.as_bytes()[14] == b'4' && b"89ab".contains(&uuid.as_bytes()[19]),
                "{uuid}"
            );
            assert_eq!(number.len(), 15, "{number}");
            assert_eq!(population.mint_number(user, "card").to_string(), number);
        }
    }

    #[test]
    fn no_twelve_characters_in_a_row_belong_to_two_users() {
        let population = Population::draw(0, 1_024);
        let mut owners = std::collections::HashMap::new();
        for user in 0..population.len() {
            for secret in secrets(&population, user) {
                for window in secret.as_bytes().windows(12) {
                    let owner = *owners.entry(window.to_vec()).or_insert(user);
                    assert_eq!(owner, user, "{}", String::from_utf8_lossy(window));
                }
            }
        }
    }
}
