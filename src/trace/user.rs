use std::collections::BTreeSet;
use std::fmt;
use std::sync::Arc;

use serde::Serialize;

use super::recorder::{Observer, Recorder};
use super::{Observations, Surface, Trace};
use crate::user::{Identity, Population, SecretKind, UserContext, UserId};

/// One of the concurrent users of a check: an identity, secrets, and a voice to say what was seen.
///
/// A script drives the system under test as this user. It hands the system the user's identity and secrets, and says
/// with [`saw`](Self::saw) what came back. The secrets of every other user are searched for in that.
///
/// ```
/// # use ssot_harness::trace::{Surface, User};
/// # struct Chat;
/// # impl Chat {
/// #     async fn ask(&self, _user: &str, card: &str) -> Result<String, std::io::Error> { Ok(card.to_owned()) }
/// # }
/// async fn script(user: &User, chat: &Chat) -> Result<(), std::io::Error> {
///     let answer = chat.ask(user.id(), &user.secret("card")).await?;
///     user.saw(Surface::Reply, &answer); // anything `Serialize`
///     Ok(())
/// }
/// ```
///
/// Every script has to see a secret of its own on some surface: a check in which a user never does could not have
/// found anything, and is refused as vacuous.
#[derive(Clone)]
pub struct User {
    population: Arc<Population>,
    index: usize,
    observer: Observer,
}

impl User {
    /// The user at `index` of `population`, who tells `recorder` what it sees.
    pub(crate) fn new(population: Arc<Population>, index: usize, recorder: &Recorder) -> Self {
        let observer = recorder.observer(index);
        Self {
            population,
            index,
            observer,
        }
    }

    /// The user's id. Depending on the execution, it is random or begins like another user's.
    #[must_use]
    pub fn id(&self) -> &UserId {
        &self.context().user
    }

    /// What reports call the user: `ada`, `ben` and so on. The system under test has no business with it.
    #[must_use]
    pub fn name(&self) -> &str {
        self.identity().name()
    }

    /// The user's place among the users of the check, from 0.
    #[must_use]
    pub fn index(&self) -> usize {
        self.index
    }

    /// The user's four ids. Thread and session may be those of other users too: the user id alone tells users apart.
    #[must_use]
    pub fn context(&self) -> &UserContext {
        self.identity().context()
    }

    /// A secret of this user's: 26 lower-case letters and digits.
    ///
    /// The same label gives the same secret at every call and in every execution with the same identities; another
    /// kind of secret under the same label is another secret.
    #[must_use]
    pub fn secret(&self, label: &str) -> String {
        self.population.mint(self.index, SecretKind::Text, label)
    }

    /// A secret of several users: this one and those at the indices `others`, as a direct message or the key of a tenant
    /// is. Each of them who names the same users and the same label gets the same text, and may see it; nobody else may.
    ///
    /// ```
    /// # use ssot_harness::trace::User;
    /// # fn example(user: &User) {
    /// let neighbour = user.index() ^ 1;
    /// let message = user.secret_shared_with("greeting", [neighbour]);
    /// # }
    /// ```
    ///
    /// # Panics
    ///
    /// Where there is no user of one of these indices.
    #[must_use]
    pub fn secret_shared_with(&self, label: &str, others: impl IntoIterator<Item = usize>) -> String {
        let users: BTreeSet<_> = others.into_iter().chain([self.index]).collect();
        let users: Vec<_> = users.into_iter().collect();
        let last = users[users.len() - 1];
        assert!(
            last < self.population.len(),
            "a secret is to be shared with user {last}, and there are users 0 to {}",
            self.population.len() - 1
        );
        match users[..] {
            [only] => self.population.mint(only, SecretKind::Text, label),
            _ => self.population.mint_shared(&users, label),
        }
    }

    /// A secret that looks like an e-mail address, under the reserved domain `.example`.
    #[must_use]
    pub fn secret_email(&self, label: &str) -> String {
        self.population.mint(self.index, SecretKind::Email, label)
    }

    /// A secret that looks like a random UUID (version 4, hyphenated, lower case).
    #[must_use]
    pub fn secret_uuid(&self, label: &str) -> String {
        self.population.mint(self.index, SecretKind::Uuid, label)
    }

    /// A secret number of 15 digits, which a JSON double holds exactly.
    #[must_use]
    pub fn secret_number(&self, label: &str) -> u64 {
        self.population.mint_number(self.index, label)
    }

    /// Says that this user saw `value` on `surface`.
    ///
    /// Call it with what a real user would be shown, as whole as possible: an answer, an event, an error. A value that
    /// cannot be turned into JSON is reported as a defect of the check.
    pub fn saw(&self, surface: Surface, value: &(impl Serialize + ?Sized)) {
        self.observer.saw(surface, value);
    }

    /// A handle that says what this user saw, for sinks that outlive the script's turn.
    #[must_use]
    pub fn observer(&self) -> Observer {
        self.observer.clone()
    }

    /// Tells the oracles of the execution a fact, which is no observation.
    #[cfg(feature = "conformance")]
    pub(crate) fn tell(&self, fact: impl super::Told) {
        self.observer.tell(fact);
    }

    /// The texts of the secrets that were minted for this user up to now.
    #[cfg(feature = "llm")]
    pub(crate) fn secrets(&self) -> Vec<String> {
        let minted = self.population.minted_for(self.index);
        minted.iter().map(|secret| secret.text().to_owned()).collect()
    }

    /// The same user, who tells another recorder what it sees.
    #[cfg(feature = "conformance")]
    pub(crate) fn recorded_by(&self, recorder: &Recorder) -> Self {
        Self::new(Arc::clone(&self.population), self.index, recorder)
    }

    /// An interner for what this user saw.
    #[cfg(feature = "conformance")]
    pub(crate) fn interner(&self) -> super::Interner {
        super::Interner::new(&self.population, self.index)
    }

    fn identity(&self) -> &Identity {
        self.population.identity(self.index)
    }
}

impl fmt::Debug for User {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("User")
            .field("name", &self.name())
            .field("index", &self.index)
            .field("context", self.context())
            .finish_non_exhaustive()
    }
}

impl Trace {
    /// What one user saw.
    #[must_use]
    pub fn of(&self, user: &User) -> Observations<'_> {
        Observations::of(self, user.index())
    }
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;

    use super::{Population, Recorder, Surface, User};

    #[test]
    fn a_user_is_the_identity_of_the_population_at_its_index() {
        let population = Population::draw(2, 3);
        let user = User::new(Arc::clone(&population), 1, &Recorder::new(Arc::default()));
        assert_eq!(
            (user.index(), user.name(), user.id().as_str()),
            (1, "ben", "user-10")
        );
        assert_eq!(user.context(), population.identity(1).context());
        assert!(format!("{user:?}").contains("thread-10"));
    }

    #[test]
    fn a_label_names_one_secret_of_each_kind() {
        let population = Population::draw(0, 2);
        let recorder = Recorder::new(Arc::default());
        let [ada, ben] = [0, 1].map(|index| User::new(Arc::clone(&population), index, &recorder));
        assert_eq!(ada.secret("a"), ada.secret("a"));
        assert_ne!(ada.secret("a"), ada.secret("b"));
        assert_ne!(ada.secret("a"), ben.secret("a"));
        assert!(ada.secret_email("a").contains('@'));
        assert_eq!(ada.secret_uuid("a").len(), 36);
        assert_eq!(ada.secret_number("a").to_string().len(), 15);
        assert_eq!(population.minted_count(), 6);
    }

    #[test]
    fn what_a_user_and_its_observer_see_is_recorded_as_seen_by_that_user() {
        let recorder = Recorder::new(Arc::default());
        let user = User::new(Population::draw(0, 2), 1, &recorder);
        user.saw(Surface::Reply, "by the user");
        user.observer().saw(Surface::Event, "by the observer");
        let trace = recorder.finish();
        let seen: Vec<_> = trace
            .observations()
            .iter()
            .map(|seen| (seen.viewer(), seen.surface()))
            .collect();
        assert_eq!(seen, [(1, Surface::Reply), (1, Surface::Event)]);
    }
}
