use std::fmt::Write as _;
use std::path::{Path, PathBuf};

use serde::Serialize;

use super::declared::{DECLARED, declared};
use super::find::find;
use super::proposal::proposal;
use super::standing::{more_pairs, tenths};
use crate::error::Error;
use crate::model::{Model, TEST_MODULES};
use crate::workspace::Workspace;

/// Two items that look like competing implementations of one role.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[non_exhaustive]
pub struct Competing {
    /// In tenths: 40 and more is worth a look. What documentation declares has 1000.
    pub score: i32,
    /// `declared`, `migration/behaviour`, `migration/module`, `migration/data`, `copy/behaviour` or `copy/data`.
    pub class: &'static str,
    /// The one that looks older.
    pub old: String,
    /// The other one.
    pub new: String,
    /// What the score is made of.
    pub reasons: Vec<String>,
    /// Further pairs in the same two modules.
    pub more: usize,
    /// Lines for `ssot.toml` that would settle it.
    pub toml: String,
}

/// What looks like competing implementations in a workspace, the likeliest first.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[non_exhaustive]
pub struct Discovered {
    /// The folder of the workspace.
    pub root: PathBuf,
    /// Pairs, one for each pair of modules around.
    pub pairs: Vec<Competing>,
}

/// Looks for competing implementations in the workspace around a folder: without any configuration.
///
/// Migrations of behaviour and of modules come with their score; `min_score` is in tenths, and data and copies are listed only where
/// `all` is set. Items whose documentation has a line `SSOT: superseded by path` come first, whatever their score.
///
/// # Errors
///
/// Where cargo knows no workspace there.
pub fn discover(folder: &Path, min_score: i32, all: bool) -> Result<Discovered, Error> {
    let folder = std::path::absolute(folder).unwrap_or_else(|_| folder.to_owned());
    let workspace = Workspace::at(&folder)?;
    let root = workspace.root.clone();
    let test_modules: Vec<String> = TEST_MODULES.iter().map(|name| (*name).to_owned()).collect();
    let model = Model::of(workspace, &test_modules);
    let guessed = find(&model)
        .into_iter()
        .filter(|pair| pair.score >= min_score && (all || pair.class.is_headline()))
        .map(|pair| Competing {
            score: pair.score,
            class: pair.class.as_str(),
            toml: proposal(&model, &pair),
            old: pair.old.path,
            new: pair.new.path,
            reasons: pair.reasons,
            more: pair.more,
        });
    let mut pairs = declared(&model);
    pairs.extend(guessed);
    Ok(Discovered { root, pairs })
}

impl Competing {
    /// What a person reads of its class and its score.
    fn weight(&self) -> String {
        if self.class == DECLARED {
            return self.class.to_owned();
        }
        format!("{}, score {}", self.class, tenths(self.score))
    }
}

impl Discovered {
    /// The list for a person.
    #[must_use]
    pub fn text(&self) -> String {
        let mut text = String::new();
        for (pair, number) in self.pairs.iter().zip(1..) {
            let mut push =
                |line: String| writeln!(text, "{line}").expect("text can always be written to text");
            push(format!("{number}. {} ({})", pair.old, pair.weight()));
            push(format!("   {}", pair.new));
            for reason in &pair.reasons {
                push(format!("     {reason}"));
            }
            if pair.more > 0 {
                push(format!("     and {}", more_pairs(pair.more)));
            }
            push("   to settle it:".to_owned());
            for line in pair.toml.lines() {
                push(format!("     {line}"));
            }
            push(String::new());
        }
        let count = match self.pairs.len() {
            0 => "nothing looks like competing implementations of one role".to_owned(),
            1 => "1 pair looks like competing implementations of one role".to_owned(),
            count => format!("{count} pairs look like competing implementations of one role"),
        };
        text + &count + "\n"
    }

    /// Rules for all pairs, each below its reasons, to be added to `ssot.toml`. What that text names already is left out.
    #[must_use]
    pub fn rules(&self, known: &str) -> String {
        let mut text = String::new();
        for pair in &self.pairs {
            if known.contains(&format!("\"{}\"", pair.old)) || known.contains(&format!("{} <-> ", pair.old)) {
                continue;
            }
            let mut push = |line: &str| writeln!(text, "{line}").expect("text can always be written to text");
            push("");
            push(&format!("# {} and {}: {}", pair.old, pair.new, pair.weight()));
            for reason in &pair.reasons {
                push(&format!("#   {reason}"));
            }
            push(pair.toml.trim_end());
        }
        text
    }
}
