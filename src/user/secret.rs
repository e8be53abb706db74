//! Secrets: tokens that belong to one user and are searched for in what every other user sees.

use std::fmt;
use std::sync::Arc;

use serde::{Deserialize, Serialize};

use super::alphabet::{LETTERS, push_letters};
use crate::digest::Digest;
use crate::rng::Rng;

/// What a secret looks like.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
#[non_exhaustive]
pub enum SecretKind {
    /// 26 letters and digits.
    Text,
    /// An address under `.example`.
    Email,
    /// A version 4 UUID.
    Uuid,
    /// 15 digits, so that a JSON double holds them exactly.
    Number,
}

impl SecretKind {
    /// The kind as reports print it.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Text => "text",
            Self::Email => "email",
            Self::Uuid => "uuid",
            Self::Number => "number",
        }
    }

    /// What reports call a secret of this kind: its label, with the kind before it where that is not text.
    pub(crate) fn name_of(self, label: &str) -> String {
        match self {
            Self::Text => label.to_owned(),
            kind => format!("{kind} {label}"),
        }
    }
}

impl fmt::Display for SecretKind {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(self.as_str())
    }
}

/// A secret that some user asked for.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Secret {
    /// Ascending, never empty.
    owners: Arc<[usize]>,
    kind: SecretKind,
    label: Arc<str>,
    text: Arc<str>,
}

impl Secret {
    /// The secret that `owner` has under `kind` and `label` in `identity_seed`: the same at every call.
    pub(super) fn derive(identity_seed: u64, owner: usize, kind: SecretKind, label: &str) -> Self {
        let stream = Digest::new()
            .bytes(b"secret")
            .word(owner as u64)
            .bytes(kind.as_str().as_bytes())
            .bytes(label.as_bytes());
        Self::drawn(identity_seed, [owner].into(), stream, kind, label)
    }

    /// The secret that these users, of ascending indices, have together under `label` in `identity_seed`.
    pub(super) fn shared(identity_seed: u64, owners: &[usize], label: &str) -> Self {
        let stream = owners
            .iter()
            .fold(Digest::new().bytes(b"shared secret"), |stream, &owner| {
                stream.word(owner as u64)
            });
        let stream = stream.bytes(label.as_bytes());
        Self::drawn(identity_seed, owners.into(), stream, SecretKind::Text, label)
    }

    fn drawn(
        identity_seed: u64,
        owners: Arc<[usize]>,
        stream: Digest,
        kind: SecretKind,
        label: &str,
    ) -> Self {
        let owner = owners[0];
        let mut rng = Rng::split(identity_seed, stream.finish());
        let text = match kind {
            SecretKind::Text => text(&mut rng),
            SecretKind::Email => email(&mut rng, identity_seed, owner),
            SecretKind::Uuid => uuid(&mut rng),
            SecretKind::Number => number(&mut rng).to_string(),
        };
        Self {
            owners,
            kind,
            label: label.into(),
            text: text.into(),
        }
    }

    /// A secret of this very text, for tests of what chance hardly ever brings about.
    #[cfg(test)]
    pub(crate) fn with_text(owner: usize, text: &str) -> Self {
        Self {
            owners: [owner].into(),
            kind: SecretKind::Text,
            label: "planted".into(),
            text: text.into(),
        }
    }

    /// The index of the user whose secret it is, the first of several.
    pub(crate) fn owner(&self) -> usize {
        self.owners[0]
    }

    /// The indices of the users whose secret it is, ascending.
    pub(crate) fn owners(&self) -> &[usize] {
        &self.owners
    }

    pub(crate) fn is_of(&self, user: usize) -> bool {
        self.owners.contains(&user)
    }

    pub(crate) fn kind(&self) -> SecretKind {
        self.kind
    }

    pub(crate) fn label(&self) -> &str {
        &self.label
    }

    /// What scripts get; the digits of a number.
    pub(crate) fn text(&self) -> &str {
        &self.text
    }

    /// What reports call it: its label, with the kind before it where that is not text.
    pub(crate) fn name(&self) -> String {
        self.kind.name_of(&self.label)
    }
}

fn text(rng: &mut Rng) -> String {
    let mut text = String::with_capacity(26);
    push_letters(&mut text, 26, rng);
    text
}

/// Ends in four letters that no other user of the identity seed has there: the fixed `.example` would else make the last
/// twelve characters of two users' addresses equal now and then.
fn email(rng: &mut Rng, identity_seed: u64, owner: usize) -> String {
    let mut email = String::with_capacity(37);
    push_letters(&mut email, 16, rng);
    email.push('@');
    push_letters(&mut email, 8, rng);
    email.push_str(&own_letters(identity_seed, owner));
    email.push_str(".example");
    email
}

/// Four letters that differ for every two of up to 31⁴ users.
fn own_letters(identity_seed: u64, owner: usize) -> String {
    let letters = LETTERS.len();
    let all = letters.pow(4);
    let offset = Rng::split(identity_seed, Digest::new().bytes(b"own letters").finish()).below(all);
    // The factor has no divisor in common with 31⁴, so that no two users below 31⁴ meet.
    let mut number = (owner % all * 402_653 + offset) % all;
    let mut text = String::with_capacity(4);
    for _ in 0..4 {
        text.push(char::from(LETTERS[number % letters]));
        number /= letters;
    }
    text
}

fn uuid(rng: &mut Rng) -> String {
    let version = 0x4000 | (rng.next() >> 52);
    let variant = 0x8000 | (rng.next() >> 50);
    format!(
        "{:08x}-{:04x}-{version:04x}-{variant:04x}-{:012x}",
        rng.next() >> 32,
        rng.next() >> 48,
        rng.next() >> 16
    )
}

fn number(rng: &mut Rng) -> u64 {
    const LEAST: u64 = 100_000_000_000_000;
    LEAST + rng.next() % (9 * LEAST)
}
