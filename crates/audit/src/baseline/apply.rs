use std::path::{Path, PathBuf};

use serde::Serialize;

use super::compare::{Compared, compare};
use super::entry::Entry;
use super::file::{read, write};
use crate::error::Error;
use crate::finding::{Confidence, Finding, Level, Rule, State};

/// What becomes of the baseline.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
#[non_exhaustive]
pub struct Mode {
    /// A finding that moved fails, and nothing is written.
    pub locked: bool,
    /// Findings that are gone are removed.
    pub tighten: bool,
    /// Findings that moved are written at their new place.
    pub accept_moves: bool,
    /// New findings are added for this reason.
    pub allow_growth: Option<String>,
}

impl Mode {
    /// What writes nothing: in CI, where `locked` is the default, and elsewhere.
    #[must_use]
    pub fn reading(locked: bool) -> Self {
        Self {
            locked,
            ..Self::default()
        }
    }

    fn writes(&self) -> bool {
        self.tighten || self.accept_moves || self.allow_growth.is_some()
    }

    /// # Errors
    ///
    /// Where it contradicts itself.
    fn check(&self) -> Result<(), Error> {
        let what = match &self.allow_growth {
            _ if self.locked && self.writes() => {
                "a locked baseline is not written; leave `--locked` away, or the option that writes"
            }
            Some(reason) if reason.trim().is_empty() => {
                "`--allow-growth` needs its reason, which is kept in the baseline"
            }
            _ => return Ok(()),
        };
        Err(Error::Usage {
            what: what.to_owned(),
        })
    }
}

/// How a run stands to its baseline.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
#[non_exhaustive]
pub struct Baseline {
    /// Its file.
    pub path: PathBuf,
    /// Whether there was one.
    pub found: bool,
    /// Findings that it does not have.
    pub new: usize,
    /// Findings that it has.
    pub frozen: usize,
    /// Findings that it has at another place.
    pub moved: usize,
    /// Entries without a finding.
    pub gone: usize,
    /// Whether it was written.
    pub written: bool,
}

/// Compares findings with the baseline in a file, marks them, adds what the baseline itself has to say, and writes it as `mode`
/// says.
///
/// # Errors
///
/// Where the file cannot be read or written, or is no baseline; where `mode` contradicts itself.
pub(crate) fn apply(path: &Path, mode: &Mode, findings: &mut Vec<Finding>) -> Result<Baseline, Error> {
    mode.check()?;
    let known = read(path)?;
    let found = known.is_some();
    let known = known.unwrap_or_default();
    let failing: Vec<usize> = (0..findings.len())
        .filter(|number| findings[*number].level == Level::Error)
        .collect();
    let reason = mode.allow_growth.as_deref().unwrap_or_default();
    let entries: Vec<Entry> = failing
        .iter()
        .filter_map(|number| Entry::of(&findings[*number], reason))
        .collect();
    let compared = compare(&entries, &known);
    let mut baseline = Baseline {
        path: path.to_owned(),
        found,
        new: compared.new.len(),
        frozen: compared.frozen.len(),
        moved: compared.moved.len(),
        gone: compared.gone.len(),
        written: false,
    };
    let kept = rewritten(mode, &compared, &entries, &known);
    if mode.writes() {
        write(path, &kept)?;
        baseline.written = true;
    }
    mark(mode, &compared, &failing, &known, path, findings);
    Ok(baseline)
}

/// The entries that are kept.
fn rewritten(mode: &Mode, compared: &Compared, entries: &[Entry], known: &[Entry]) -> Vec<Entry> {
    let mut kept: Vec<Entry> = Vec::new();
    for (finding, entry) in &compared.frozen {
        kept.push(Entry {
            // Shapes follow the code, so that the next move is recognised.
            shape: entries[*finding].shape.clone(),
            ..known[*entry].clone()
        });
    }
    for (finding, entry, _) in &compared.moved {
        kept.push(if mode.accept_moves {
            Entry {
                reason: known[*entry].reason.clone(),
                ..entries[*finding].clone()
            }
        } else {
            known[*entry].clone()
        });
    }
    if !mode.tighten {
        kept.extend(compared.gone.iter().map(|entry| known[*entry].clone()));
    }
    if mode.allow_growth.is_some() {
        kept.extend(compared.new.iter().map(|finding| entries[*finding].clone()));
    }
    kept.sort();
    kept
}

fn mark(
    mode: &Mode,
    compared: &Compared,
    failing: &[usize],
    known: &[Entry],
    path: &Path,
    findings: &mut Vec<Finding>,
) {
    for (finding, _) in &compared.frozen {
        findings[failing[*finding]].state = State::Frozen;
    }
    for (finding, entry, pass) in &compared.moved {
        let moved = &mut findings[failing[*finding]];
        // Whatever the mode, the finding itself is known; that it moved is told beside it.
        moved.state = State::Frozen;
        let old = &known[*entry];
        let told = Finding {
            rule: Rule::Moved,
            level: if mode.locked { Level::Error } else { Level::Note },
            confidence: Confidence::Exact,
            state: State::Moved,
            message: format!(
                "{} matched after a move: {} -> {}",
                old.rule,
                described(&old.place, &old.target),
                described(&moved.place, &moved.target)
            ),
            place: moved.place.clone(),
            target: moved.target.clone(),
            shape: moved.shape.clone(),
            labels: moved.labels.clone(),
            notes: vec![format!("matched by {}", pass.as_str())],
            help: Some(
                "if it is the same finding, `cargo ssot audit --accept-moves` writes its new place"
                    .to_owned(),
            ),
        };
        if mode.accept_moves {
            continue;
        }
        findings.push(told);
    }
    if mode.allow_growth.is_some() {
        for finding in &compared.new {
            findings[failing[*finding]].state = State::Frozen;
        }
    }
    if mode.tighten {
        return;
    }
    let name = path
        .file_name()
        .map_or_else(String::new, |name| name.to_string_lossy().into_owned());
    for entry in &compared.gone {
        let entry = &known[*entry];
        findings.push(Finding {
            rule: Rule::Gone,
            level: Level::Error,
            confidence: Confidence::Exact,
            state: State::Gone,
            message: format!(
                "{name} holds a finding that is gone: {} {}",
                entry.rule,
                described(&entry.place, &entry.target)
            ),
            place: entry.place.clone(),
            target: entry.target.clone(),
            shape: entry.shape.clone(),
            labels: Vec::new(),
            notes: Vec::new(),
            help: Some("`cargo ssot audit --tighten` removes all of them".to_owned()),
        });
    }
}

fn described(place: &str, target: &str) -> String {
    if place == target {
        format!("`{place}`")
    } else {
        format!("`{target}` in `{place}`")
    }
}
