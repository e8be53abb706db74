//! How the two stand to each other at one path.

use ssot_audit::Reached;

use crate::analyzer::{Analyzer, Found, Seen};
use crate::places::Places;

#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Verdict {
    Agree,
    Differ,
    SaidUnknown,
    Generic,
    OnlyAnalyzer,
}

impl Verdict {
    pub(crate) fn as_str(self) -> &'static str {
        match self {
            Self::Agree => "both name the same definition of the workspace",
            Self::Differ => "they differ",
            Self::SaidUnknown => "the audit says that a macro makes the name, or that it knows the type only",
            Self::Generic => "an item of a generic parameter, which the audit does not follow",
            Self::OnlyAnalyzer => "only rust-analyzer has a path there",
        }
    }
}

/// None where neither names a definition of the workspace, and where rust-analyzer says nothing.
pub(crate) fn judge(places: &Places, analyzer: &Analyzer<'_>, seen: &Seen) -> Option<Verdict> {
    let names_one = seen.targets.iter().any(|found| found.place.is_some());
    let Some(known) = places.at(&seen.file, seen.at) else {
        return names_one.then_some(if seen.generic {
            Verdict::Generic
        } else {
            Verdict::OnlyAnalyzer
        });
    };
    if seen.targets.is_empty() {
        return None;
    }
    // A file in several targets may mean several things; rust-analyzer says one.
    let verdicts = known.iter().filter_map(|reached| match reached {
        Reached::Definition(places) => {
            let same = |found: &Found| {
                let plainly = |place| places.iter().any(|known| (&*known.file, known.at) == place);
                found
                    .place
                    .as_ref()
                    .is_some_and(|(file, at)| plainly((file, *at)))
                    || places
                        .iter()
                        .any(|place| analyzer.implements(&place.file, place.at, found))
            };
            Some(if seen.targets.iter().any(same) {
                Verdict::Agree
            } else {
                Verdict::Differ
            })
        }
        Reached::ItemOf(_) | Reached::MacroMade => names_one.then_some(Verdict::SaidUnknown),
        _ => {
            let all = seen.targets.iter().all(|found| found.place.is_some());
            all.then_some(if seen.generic {
                Verdict::Generic
            } else {
                Verdict::Differ
            })
        }
    });
    verdicts.min()
}
