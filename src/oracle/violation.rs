use std::fmt;
use std::ops::Range;
use std::sync::Arc;

use super::{Encoding, Kind, Likeness};
use crate::composed::composed;
use crate::digest::Digest;
use crate::trace::{Observation, Surface};
use crate::user::{Population, Secret, SecretKind};

/// What an oracle found: which rule was broken, by whose data, before whose eyes.
#[derive(Clone, Debug)]
pub struct Violation {
    kind: Kind,
    user: Option<Person>,
    owner: Option<Person>,
    surface: Option<Surface>,
    observation: Option<Observation>,
    secret: Option<SecretName>,
    encoding: Option<Encoding>,
    /// Where the secret or the id shows.
    spans: Vec<(Observation, Range<usize>)>,
    /// Where in the observation the difference is, as a JSON pointer.
    pointer: Option<String>,
    likeness: Option<Likeness>,
    step: u32,
    detail: String,
    message: Option<String>,
    /// What tells it from others of its kind: the invariant, or the oracle of the test, that found it.
    rule: Option<Arc<str>>,
}

#[derive(Clone, Debug)]
struct Person {
    index: usize,
    name: Arc<str>,
}

#[derive(Clone, Debug)]
struct SecretName {
    kind: SecretKind,
    label: Arc<str>,
}

/// What two findings of the same fault have in common.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(crate) struct Key {
    kind: Kind,
    user: Option<usize>,
    owner: Option<usize>,
    surface: Option<Surface>,
    rule: u64,
}

impl Violation {
    pub(super) fn new(kind: Kind, step: u32, detail: String) -> Self {
        Self {
            kind,
            user: None,
            owner: None,
            surface: None,
            observation: None,
            secret: None,
            encoding: None,
            spans: Vec::new(),
            pointer: None,
            likeness: None,
            step,
            detail,
            message: None,
            rule: None,
        }
    }

    /// A violation that shows in `observation`; `step` and the user are the observation's.
    pub(super) fn seen(
        kind: Kind,
        population: &Population,
        observation: &Observation,
        detail: String,
    ) -> Self {
        Self {
            surface: Some(observation.surface()),
            observation: Some(observation.clone()),
            ..Self::new(kind, observation.step(), detail).by(population, observation.viewer())
        }
    }

    pub(super) fn by(mut self, population: &Population, user: usize) -> Self {
        self.user = Some(Person::of(population, user));
        self
    }

    pub(super) fn of(mut self, population: &Population, owner: usize) -> Self {
        self.owner = Some(Person::of(population, owner));
        self
    }

    pub(super) fn on(mut self, surface: Surface) -> Self {
        self.surface = Some(surface);
        self
    }

    pub(super) fn giving_away(mut self, secret: &Secret, encoding: Encoding) -> Self {
        self.secret = Some(SecretName {
            kind: secret.kind(),
            label: secret.label().into(),
        });
        self.encoding = Some(encoding);
        self
    }

    /// Where the secret or the id shows, in the order of time.
    pub(super) fn shown_by(mut self, spans: impl IntoIterator<Item = (Observation, Range<usize>)>) -> Self {
        self.spans = spans.into_iter().collect();
        self
    }

    /// The value that differs from the solo run, as a JSON pointer into the observation.
    pub(super) fn at(mut self, pointer: String) -> Self {
        self.pointer = Some(pointer);
        self
    }

    pub(super) fn like(mut self, likeness: Likeness, pointer: Option<String>) -> Self {
        self.likeness = Some(likeness);
        self.pointer = pointer;
        self
    }

    /// `message` is what the code under test said itself.
    pub(super) fn saying(mut self, message: &str) -> Self {
        self.message = Some(message.to_owned());
        self
    }

    /// Names what found it, where nothing else has.
    pub(super) fn ruled_by(mut self, rule: &str) -> Self {
        self.rule.get_or_insert_with(|| rule.into());
        self
    }

    /// The name of the invariant, or of the [`Oracle`](super::Oracle) of the test, that found it; `None` for what other oracles of the
    /// crate find.
    #[must_use]
    pub fn rule(&self) -> Option<&str> {
        self.rule.as_deref()
    }

    /// Which rule was broken.
    #[must_use]
    pub fn kind(&self) -> Kind {
        self.kind
    }

    /// The name of the user who saw or suffered it, where it concerns one.
    #[must_use]
    pub fn user(&self) -> Option<&str> {
        self.user.as_ref().map(|person| &*person.name)
    }

    /// The name of the user whose secret or identity it was.
    #[must_use]
    pub fn owner(&self) -> Option<&str> {
        self.owner.as_ref().map(|person| &*person.name)
    }

    /// The index of [`user`](Self::user) among the users of the check, from 0.
    #[must_use]
    pub fn user_index(&self) -> Option<usize> {
        self.user.as_ref().map(|person| person.index)
    }

    /// The index of [`owner`](Self::owner) among the users of the check, from 0.
    #[must_use]
    pub fn owner_index(&self) -> Option<usize> {
        self.owner.as_ref().map(|person| person.index)
    }

    /// Where it was seen.
    #[must_use]
    pub fn surface(&self) -> Option<Surface> {
        self.surface
    }

    /// What was seen.
    #[must_use]
    pub fn observation(&self) -> Option<&Observation> {
        self.observation.as_ref()
    }

    /// The label of the secret that was seen, as the script gave it to [`User::secret`](crate::trace::User::secret) and the
    /// like.
    #[must_use]
    pub fn secret(&self) -> Option<&str> {
        self.secret.as_ref().map(|secret| &*secret.label)
    }

    /// What the secret that was seen looks like.
    #[must_use]
    pub fn secret_kind(&self) -> Option<SecretKind> {
        self.secret.as_ref().map(|secret| secret.kind)
    }

    /// What reports call the secret that was seen: its label, with its kind before it where that is not text (`card`,
    /// `email home`).
    pub(crate) fn secret_name(&self) -> Option<String> {
        let secret = self.secret.as_ref()?;
        Some(secret.kind.name_of(&secret.label))
    }

    /// In which form the secret was seen.
    #[must_use]
    pub fn encoding(&self) -> Option<Encoding> {
        self.encoding
    }

    /// The observations that show the secret or the id, each with the range of its text, in bytes, that does.
    ///
    /// One, or several where the secret came in [`Chunks`](Encoding::Chunks): then in the order of time, with the ranges of one
    /// observation one after another. The range covers the encoded form, with the padding of base64 and without the brackets of a
    /// list of bytes. None where the violation is about neither a secret nor an id.
    pub fn spans(&self) -> impl Iterator<Item = (&Observation, Range<usize>)> {
        self.spans
            .iter()
            .map(|(observation, range)| (observation, range.clone()))
    }

    /// The JSON pointer (RFC 6901) of the value that differs from the user's solo run, where one does; empty for the whole
    /// observation.
    #[must_use]
    pub fn pointer(&self) -> Option<&str> {
        self.pointer.as_deref()
    }

    /// What the difference from the user's solo run looks like, where it is one that many sound systems have.
    #[must_use]
    pub fn looks_like(&self) -> Option<Likeness> {
        self.likeness
    }

    /// The number of the driver's step in which it showed, from 1; 0 before the first.
    #[must_use]
    pub fn step(&self) -> u32 {
        self.step
    }

    /// What happened, in a sentence without a full stop.
    #[must_use]
    pub fn detail(&self) -> &str {
        &self.detail
    }

    /// What the code under test said itself, as it said it: the message of a panic, the text of an error that ended a script.
    #[must_use]
    pub fn message(&self) -> Option<&str> {
        self.message.as_deref()
    }

    /// What this violation has in common with other findings of the same fault.
    pub(crate) fn key(&self) -> Key {
        Key {
            kind: self.kind,
            user: self.user_index(),
            owner: self.owner_index(),
            surface: self.surface,
            rule: self
                .rule
                .as_ref()
                .map_or(0, |rule| Digest::new().bytes(rule.as_bytes()).finish()),
        }
    }
}

impl fmt::Display for Violation {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&composed(format!("{}: {}", self.kind, self.detail)))
    }
}

impl Person {
    fn of(population: &Population, index: usize) -> Self {
        Self {
            index,
            name: population.identity(index).name().into(),
        }
    }
}
