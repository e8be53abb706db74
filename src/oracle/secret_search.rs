use std::sync::Arc;

use super::Encoding;
use super::cache::Cache;
use super::decodings;
use super::names::{Id, Names, Place, ids};
use super::secret_index::{Match, SecretIndex};
use crate::trace::Observation;
use crate::user::{Population, Secret};

/// Texts whose exposure is remembered; most executions of a script show the same few.
const TEXTS: usize = 16_384;

/// Searches texts for the secrets and ids of all users of a population.
#[derive(Debug)]
pub(super) struct SecretSearch {
    windows: SecretIndex,
    names: Names,
    texts: Cache<Arc<Exposure>>,
}

/// What a text gives away, whoever sees it.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct Exposure {
    pub(super) secrets: Vec<SecretSeen>,
    pub(super) ids: Vec<(Id, Place)>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct SecretSeen {
    /// The secret's number, for [`SecretSearch::secret`].
    pub(super) secret: usize,
    pub(super) encoding: Encoding,
    starts: bool,
    ends: bool,
}

impl SecretSeen {
    /// False where only a part of the secret was seen.
    pub(super) fn is_whole(self) -> bool {
        self.starts && self.ends
    }
}

impl SecretSearch {
    pub(super) fn new(population: &Population) -> Self {
        let mut windows = SecretIndex::default();
        for member in population.identities() {
            for (_, id) in ids(member.context()) {
                windows.add_public(id);
            }
        }
        Self {
            windows,
            names: Names::new(population),
            texts: Cache::new(TEXTS),
        }
    }

    /// Takes in the secrets minted since the last call. True where there were any: what was searched before may hold
    /// them.
    pub(super) fn refresh(&mut self, population: &Population) -> bool {
        if population.minted_count() == self.windows.len() {
            return false;
        }
        for secret in population.minted_since(self.windows.len()) {
            self.windows.add(secret);
        }
        self.texts.clear();
        true
    }

    pub(super) fn secret(&self, number: usize) -> &Secret {
        self.windows.secret(number)
    }

    /// What an observation gives away.
    pub(super) fn exposure(&mut self, observation: &Observation) -> Arc<Exposure> {
        if let Some(known) = self.texts.get(observation.digest()) {
            return Arc::clone(known);
        }
        let exposure = Arc::new(self.expose(observation.text().as_bytes()));
        self.texts.insert(observation.digest(), Arc::clone(&exposure));
        exposure
    }

    fn expose(&self, json: &[u8]) -> Exposure {
        let (mut secrets, mut ids) = (Vec::new(), Vec::new());
        decodings::each(json, &mut |text, encoding| {
            self.windows
                .find(text, |matched| note(&mut secrets, matched, encoding));
            self.names.find(text, |id, place| {
                // Only the text itself is JSON whose quotation marks mean something.
                let place = if encoding == Encoding::Plain {
                    place
                } else {
                    Place::Within
                };
                if !ids.contains(&(id, place)) {
                    ids.push((id, place));
                }
            });
        });
        Exposure {
            secrets: most_telling(secrets),
            ids,
        }
    }

    /// The secrets that `text` holds in any form, each once, in its most telling form.
    pub(super) fn secrets_in(&self, text: &[u8]) -> Vec<SecretSeen> {
        let mut seen = Vec::new();
        decodings::each(text, &mut |text, encoding| {
            self.windows
                .find(text, |matched| note(&mut seen, matched, encoding));
        });
        most_telling(seen)
    }
}

/// Each secret once: whole rather than in part, plain rather than encoded.
fn most_telling(mut seen: Vec<SecretSeen>) -> Vec<SecretSeen> {
    seen.sort_by_key(|seen| (seen.secret, !seen.is_whole(), seen.encoding));
    seen.dedup_by_key(|seen| seen.secret);
    seen
}

fn note(seen: &mut Vec<SecretSeen>, matched: Match, encoding: Encoding) {
    let secret = matched.secret;
    let encoding = if matched.is_base64 {
        Encoding::Base64
    } else {
        encoding
    };
    let known = seen
        .iter_mut()
        .find(|seen| seen.secret == secret && seen.encoding == encoding);
    if let Some(seen) = known {
        seen.starts |= matched.is_first;
        seen.ends |= matched.is_last;
    } else {
        seen.push(SecretSeen {
            secret,
            encoding,
            starts: matched.is_first,
            ends: matched.is_last,
        });
    }
}
