//! What no run of a test can have put on record.

use super::entry::{Entry, Green, Seen};
use super::fingerprint::ASSERTION;

impl Entry {
    /// What its evidence contradicts, where it does: such an entry shows nothing, whoever wrote it.
    #[must_use]
    pub fn contradiction(&self) -> Option<String> {
        self.of_evidence().or_else(|| self.of_ways())
    }

    /// What it failed with has to be what it declares.
    fn of_evidence(&self) -> Option<String> {
        let Self { expect, red, .. } = self;
        let found = &red.fingerprint;
        if let Some(message) = expect.strip_prefix('"').and_then(|text| text.strip_suffix('"')) {
            if found.kind != ASSERTION || found.surface.is_some() {
                return Some(format!(
                    "it declares the message {expect}, and its evidence is a {}",
                    found.kind
                ));
            }
            return (!found.may_show(message)).then(|| {
                format!(
                    "it declares the message {expect}, and its evidence says `{}`",
                    found.shape
                )
            });
        }
        let (kind, surface) = expect
            .split_once('/')
            .map_or((&**expect, None), |(kind, surface)| (kind, Some(surface)));
        if found.kind != kind {
            return Some(format!(
                "it declares {expect}, and its evidence is of the kind {}",
                found.kind
            ));
        }
        match (surface, found.surface.as_deref()) {
            (Some(declared), shown) if shown != Some(declared) => Some(format!(
                "it declares {expect}, and its evidence shows on {}",
                shown.map_or_else(|| "no surface".to_owned(), |shown| format!("the surface {shown}"))
            )),
            _ if found.shape.trim().is_empty() => Some("its evidence says nothing".to_owned()),
            _ => None,
        }
    }

    /// Both sides have to have been seen in one way, at revisions that go with it.
    fn of_ways(&self) -> Option<String> {
        let red = &self.red;
        let Some(Green { revision, seen }) = &self.green else {
            return (red.seen != Seen::Run).then(|| {
                format!(
                    "it was seen red by {}, which sees both sides, and not green",
                    red.seen.as_str()
                )
            });
        };
        if red.seen != *seen {
            return Some(format!(
                "it was seen red by {} and green by {}",
                red.seen.as_str(),
                seen.as_str()
            ));
        }
        match seen {
            Seen::Prove if red.revision.is_none() => Some("it was proven against no revision".to_owned()),
            Seen::ProveBetween if red.revision != *revision => {
                Some("one run of `prove_between` has one revision, and it has two".to_owned())
            }
            Seen::Prove | Seen::ProveBetween | Seen::Run => None,
        }
    }
}
