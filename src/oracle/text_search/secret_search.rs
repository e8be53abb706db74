use std::cmp::Reverse;
use std::ops::Range;
use std::sync::Arc;

use super::Encoding;
use super::cache::Cache;
use super::decoded::{Decoded, Traced};
use super::decodings;
use super::names::{Id, Names, Place, ids};
use super::secret_index::{Match, SecretIndex};
use crate::trace::Observation;
use crate::user::{Population, Secret};

/// Texts whose exposure is remembered; most executions of a script show the same few.
const TEXTS: usize = 16_384;

/// Searches texts for the secrets and ids of all users of a population.
#[derive(Debug)]
pub(in crate::oracle) struct SecretSearch {
    windows: SecretIndex,
    names: Names,
    texts: Cache<Arc<Exposure>>,
}

/// What a text gives away, whoever sees it.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(in crate::oracle) struct Exposure {
    pub(in crate::oracle) secrets: Vec<SecretSeen>,
    pub(in crate::oracle) ids: Vec<(Id, Place)>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(in crate::oracle) struct SecretSeen {
    /// The secret's number, for [`SecretSearch::secret`].
    pub(in crate::oracle) secret: usize,
    pub(in crate::oracle) encoding: Encoding,
    starts: bool,
    ends: bool,
}

impl SecretSeen {
    /// False where only a part of the secret was seen.
    pub(in crate::oracle) fn is_whole(self) -> bool {
        self.starts && self.ends
    }
}

impl SecretSearch {
    pub(in crate::oracle) fn new(population: &Population) -> Self {
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
    pub(in crate::oracle) fn refresh(&mut self, population: &Population) -> bool {
        if population.minted_count() == self.windows.len() {
            return false;
        }
        for secret in population.minted_since(self.windows.len()) {
            self.windows.add(secret);
        }
        self.texts.clear();
        true
    }

    pub(in crate::oracle) fn secret(&self, number: usize) -> &Secret {
        self.windows.secret(number)
    }

    /// What an observation gives away.
    pub(in crate::oracle) fn exposure(&mut self, observation: &Observation) -> Arc<Exposure> {
        if let Some(known) = self.texts.get(observation.digest()) {
            return Arc::clone(known);
        }
        let exposure = Arc::new(self.expose(observation.text().as_bytes()));
        self.texts.insert(observation.digest(), Arc::clone(&exposure));
        exposure
    }

    fn expose(&self, json: &[u8]) -> Exposure {
        let (mut secrets, mut ids) = (Vec::new(), Vec::new());
        decodings::each(json, &mut |text: &Vec<u8>, encoding| {
            self.windows
                .find(text, |matched, _| note(&mut secrets, matched, encoding));
            self.names.find(text, |id, place, _| {
                let place = place_in(encoding, place);
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
    pub(in crate::oracle) fn secrets_in(&self, text: &[u8]) -> Vec<SecretSeen> {
        let mut seen = Vec::new();
        decodings::each(text, &mut |text: &Vec<u8>, encoding| {
            self.windows
                .find(text, |matched, _| note(&mut seen, matched, encoding));
        });
        most_telling(seen)
    }

    /// The range of `text` in which a secret was seen: the first whole one that `is_wanted`, or the longest part.
    pub(in crate::oracle) fn locate_secret(
        &self,
        text: &[u8],
        seen: SecretSeen,
        is_wanted: impl Fn(&Range<usize>) -> bool,
    ) -> Option<Range<usize>> {
        let mut located = Vec::new();
        decodings::each(text, &mut |text: &Traced, encoding| {
            let mut runs = Runs::default();
            self.windows.find(text.bytes(), |matched, place| {
                if (matched.secret, encoding_of(matched, encoding)) == (seen.secret, seen.encoding) {
                    runs.add(matched, matched.encoded(text.bytes(), place));
                }
            });
            located.extend(runs.0.into_iter().map(|run| Run {
                place: text.origin(run.place),
                ..run
            }));
        });
        let best = located.into_iter().max_by_key(|run| {
            let is_whole = run.starts && run.ends;
            let length = if is_whole { 0 } else { run.place.len() };
            (is_wanted(&run.place), is_whole, length, Reverse(run.place.start))
        });
        best.map(|run| run.place)
    }

    /// The first range of `text` in which an id was seen.
    pub(in crate::oracle) fn locate_id(&self, text: &[u8], wanted: (Id, Place)) -> Option<Range<usize>> {
        let mut located = None;
        decodings::each(text, &mut |text: &Traced, encoding| {
            self.names.find(text.bytes(), |id, place, range| {
                if located.is_none() && (id, place_in(encoding, place)) == wanted {
                    located = Some(text.origin(range));
                }
            });
        });
        located
    }
}

/// Each secret once: whole rather than in part, plain rather than encoded.
fn most_telling(mut seen: Vec<SecretSeen>) -> Vec<SecretSeen> {
    seen.sort_by_key(|seen| (seen.secret, !seen.is_whole(), seen.encoding));
    seen.dedup_by_key(|seen| seen.secret);
    seen
}

/// Windows of one secret that overlap, put together.
#[derive(Debug, Default)]
struct Runs(Vec<Run>);

#[derive(Debug)]
struct Run {
    place: Range<usize>,
    starts: bool,
    ends: bool,
}

impl Runs {
    /// Takes the windows of a text in the order of their ends.
    fn add(&mut self, matched: Match, place: Range<usize>) {
        if let Some(run) = self.0.last_mut().filter(|run| place.start < run.place.end) {
            run.place = run.place.start.min(place.start)..run.place.end.max(place.end);
            run.starts |= matched.is_first;
            run.ends |= matched.is_last;
        } else {
            self.0.push(Run {
                place,
                starts: matched.is_first,
                ends: matched.is_last,
            });
        }
    }
}

/// Only the text itself is JSON whose quotation marks mean something.
fn place_in(encoding: Encoding, place: Place) -> Place {
    if encoding == Encoding::Plain {
        place
    } else {
        Place::Within
    }
}

fn encoding_of(matched: Match, decoded: Encoding) -> Encoding {
    if matched.base64.is_some() {
        Encoding::Base64
    } else {
        decoded
    }
}

fn note(seen: &mut Vec<SecretSeen>, matched: Match, decoded: Encoding) {
    let secret = matched.secret;
    let encoding = encoding_of(matched, decoded);
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
