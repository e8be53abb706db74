use std::sync::Arc;

use super::Form;
use super::memo::Memo;
use super::names::{Id, Names, Place, ids};
use super::readings;
use super::windows::{Sight, Windows};
use crate::trace::Observation;
use crate::user::{Cast, Secret};

/// Texts whose exposure is remembered; most executions of a script show the same few.
const TEXTS: usize = 16_384;

/// Searches texts for the secrets and ids of all users of a cast.
#[derive(Debug)]
pub(super) struct Search {
    windows: Windows,
    names: Names,
    texts: Memo<Arc<Exposure>>,
}

/// What a text gives away, whoever sees it.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct Exposure {
    pub(super) secrets: Vec<SecretSeen>,
    pub(super) ids: Vec<(Id, Place)>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct SecretSeen {
    /// The secret's number, for [`Search::secret`].
    pub(super) secret: usize,
    pub(super) form: Form,
    starts: bool,
    ends: bool,
}

impl SecretSeen {
    /// False where only a part of the secret was seen.
    pub(super) fn is_whole(self) -> bool {
        self.starts && self.ends
    }
}

impl Search {
    pub(super) fn new(cast: &Cast) -> Self {
        let mut windows = Windows::default();
        for member in cast.members() {
            for (_, id) in ids(member.context()) {
                windows.add_public(id);
            }
        }
        Self {
            windows,
            names: Names::new(cast),
            texts: Memo::new(TEXTS),
        }
    }

    /// Takes in the secrets minted since the last call. True where there were any: what was searched before may hold
    /// them.
    pub(super) fn refresh(&mut self, cast: &Cast) -> bool {
        if cast.minted_count() == self.windows.len() {
            return false;
        }
        for secret in cast.minted_since(self.windows.len()) {
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
        readings::each(json, &mut |text, form| {
            self.windows.find(text, |sight| note(&mut secrets, sight, form));
            self.names.find(text, |id, place| {
                // Only the text itself is JSON whose quotation marks mean something.
                let place = if form == Form::Plain { place } else { Place::Within };
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
        readings::each(text, &mut |text, form| {
            self.windows.find(text, |sight| note(&mut seen, sight, form));
        });
        most_telling(seen)
    }
}

/// Each secret once: whole rather than in part, plain rather than encoded.
fn most_telling(mut seen: Vec<SecretSeen>) -> Vec<SecretSeen> {
    seen.sort_by_key(|seen| (seen.secret, !seen.is_whole(), seen.form));
    seen.dedup_by_key(|seen| seen.secret);
    seen
}

fn note(seen: &mut Vec<SecretSeen>, sight: Sight, form: Form) {
    let secret = sight.secret;
    let form = if sight.is_base64 { Form::Base64 } else { form };
    let known = seen
        .iter_mut()
        .find(|seen| seen.secret == secret && seen.form == form);
    if let Some(seen) = known {
        seen.starts |= sight.is_first;
        seen.ends |= sight.is_last;
    } else {
        seen.push(SecretSeen {
            secret,
            form,
            starts: sight.is_first,
            ends: sight.is_last,
        });
    }
}
