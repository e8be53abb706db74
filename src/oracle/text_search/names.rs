//! Finds the ids of users in a text.

use std::collections::HashMap;
use std::ops::Range;

use crate::user::{Population, UserContext, stands_alone, starts_token};

/// Every id that belongs to one user alone.
#[derive(Debug)]
pub(in crate::oracle) struct Names {
    owners: HashMap<Vec<u8>, Id>,
    /// The lengths of ids, ascending.
    lengths: Vec<usize>,
}

/// An id that names one user.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub(in crate::oracle) struct Id {
    pub(in crate::oracle) owner: usize,
    pub(in crate::oracle) kind: IdKind,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub(in crate::oracle) enum IdKind {
    User,
    Thread,
    Run,
    Session,
}

/// How an id stands in a JSON text.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub(in crate::oracle) enum Place {
    /// As a whole string: a label, as in `"user_id":"user-1"`.
    Label,
    /// Within longer text, or as a key.
    Within,
}

impl IdKind {
    pub(in crate::oracle) fn as_str(self) -> &'static str {
        match self {
            Self::User => "user id",
            Self::Thread => "thread id",
            Self::Run => "run id",
            Self::Session => "session id",
        }
    }
}

impl Names {
    pub(in crate::oracle) fn new(population: &Population) -> Self {
        let mut holders: HashMap<&str, Vec<Id>> = HashMap::new();
        for member in population.identities() {
            for (kind, text) in ids(member.context()) {
                holders.entry(text).or_default().push(Id {
                    owner: member.index(),
                    kind,
                });
            }
        }
        let owners: HashMap<_, _> = holders
            .into_iter()
            .filter(|(_, ids)| ids.iter().all(|id| id.owner == ids[0].owner))
            .map(|(text, ids)| (text.to_ascii_lowercase().into_bytes(), ids[0]))
            .collect();
        let mut lengths: Vec<_> = owners.keys().map(Vec::len).collect();
        lengths.sort_unstable();
        lengths.dedup();
        Self { owners, lengths }
    }

    /// Calls `found` for every id that stands alone in `text`, in any letter case, with its range. Every id begins with a
    /// letter.
    pub(in crate::oracle) fn find(&self, text: &[u8], mut found: impl FnMut(Id, Place, Range<usize>)) {
        let text = text.to_ascii_lowercase();
        let is_start = |&start: &usize| text[start].is_ascii_alphabetic() && starts_token(&text, start);
        for start in (0..text.len()).filter(is_start) {
            for length in &self.lengths {
                let end = start + length;
                let Some(word) = text.get(start..end) else { break };
                if stands_alone(&text, start..end)
                    && let Some(&id) = self.owners.get(word)
                {
                    found(id, place(&text, start, end), start..end);
                }
            }
        }
    }
}

/// A context's ids, the most telling first.
pub(in crate::oracle) fn ids(context: &UserContext) -> [(IdKind, &str); 4] {
    [
        (IdKind::User, context.user.as_str()),
        (IdKind::Thread, context.thread.as_str()),
        (IdKind::Run, context.run.as_str()),
        (IdKind::Session, context.session.as_str()),
    ]
}

/// Compact JSON shows it without parsing: within a string, a quotation mark has a backslash before it.
fn place(json: &[u8], start: usize, end: usize) -> Place {
    let opens = json[..start].ends_with(b"\"") && !json[..start].ends_with(b"\\\"");
    let closes = json[end..].starts_with(b"\"") && !json[end..].starts_with(b"\":");
    if opens && closes {
        Place::Label
    } else {
        Place::Within
    }
}
