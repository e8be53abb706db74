use serde::{Deserialize, Serialize};

use super::{Covers, Declared, FailFirst, Fingerprint, Target};

/// What the ledger holds of one test.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Entry {
    /// The issue that the fix resolves.
    pub issue: String,
    /// What the test declares: a kind of violation, with its surface behind a `/` where one is named; or a part of a
    /// message, in double quotes.
    pub expect: String,
    /// Which kind of cargo target it is in; `None` where an earlier release wrote it.
    pub target: Option<Target>,
    /// A hash of the tokens of the test's function, by which entries of earlier releases are known.
    pub source: u64,
    /// The sources that it stood on; `None` where an earlier release wrote it.
    pub covers: Option<Covers>,
    /// What it failed with.
    pub red: Red,
    /// That it passed after that.
    pub green: Option<Green>,
}

/// That a test failed as declared.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Red {
    /// What it failed with.
    pub fingerprint: Fingerprint,
    /// The revision that it failed at, with `-dirty` behind it where the work tree held changes; `None` where there is no
    /// version control.
    pub revision: Option<String>,
    /// How that was seen.
    pub seen: Seen,
}

/// That a test passed after it had been red.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Green {
    /// The revision that it passed at, as in [`Red`].
    pub revision: Option<String>,
    /// How that was seen.
    pub seen: Seen,
}

/// How something was seen.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Seen {
    /// In a run of the tests.
    Run,
    /// By `cargo ssot prove`, at a base revision and in the work tree.
    Prove,
    /// By `prove_between`, in one run.
    ProveBetween,
}

impl Seen {
    /// As the ledger writes it.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Run => "run",
            Self::Prove => "prove",
            Self::ProveBetween => "prove_between",
        }
    }

    pub(super) fn parse(text: &str) -> Option<Self> {
        [Self::Run, Self::Prove, Self::ProveBetween]
            .into_iter()
            .find(|seen| seen.as_str() == text)
    }
}

impl Entry {
    /// A test that failed as it declares.
    #[must_use]
    pub fn red(declared: &FailFirst, source: u64, red: Red) -> Self {
        Self {
            issue: declared.issue.to_owned(),
            expect: declared.to_string(),
            target: None,
            source,
            covers: None,
            red,
            green: None,
        }
    }

    /// The same once it has passed.
    #[must_use]
    pub fn turned_green(mut self, green: Green) -> Self {
        self.green = Some(green);
        self
    }

    /// The same with where the test is, and what it stands on.
    #[must_use]
    pub fn standing_on(mut self, target: Option<Target>, covers: Option<Covers>) -> Self {
        self.target = target;
        self.covers = covers;
        self
    }

    /// What was edited since, as the test is declared now: files, by their names, or what it declares. Empty where nothing
    /// was.
    ///
    /// An entry of an earlier release knows the test's own tokens and no more.
    #[must_use]
    pub fn edited_since(&self, now: &Declared) -> Vec<String> {
        let mut edited = match (&self.covers, &now.covers) {
            (Some(before), Some(covers)) if covers.digest == before.digest => Vec::new(),
            (Some(before), Some(covers)) => match covers.changed_since(before) {
                // Where only an import differs, it is the test's.
                none if none.is_empty() => vec![now.file.clone()],
                changed => changed,
            },
            _ if self.source == now.source => Vec::new(),
            _ => vec![now.file.clone()],
        };
        if self.expect != now.expect {
            edited.push(format!("what it declares, {} before", self.expect));
        }
        if self.issue != now.issue {
            edited.push(format!("its issue, {} before", self.issue));
        }
        edited
    }

    /// Whether the test is another than the one on record.
    ///
    /// A red test may be fixed in what it stands on, for what it tests may be there; that it is the fix, somebody confirms
    /// when it first passes. So a red one is another only where it, or what it declares, was edited.
    #[must_use]
    pub fn is_outdated(&self, now: &Declared) -> bool {
        let is_another = match (&self.covers, &now.covers) {
            (Some(before), Some(covers)) if self.green.is_none() => covers.own != before.own,
            (Some(before), Some(covers)) => covers.digest != before.digest,
            _ => self.source != now.source,
        };
        is_another || self.expect != now.expect || self.issue != now.issue
    }

    /// Whether the test, as it is now, is the one on record.
    #[must_use]
    pub fn is_of(&self, declared: &FailFirst, source: u64) -> bool {
        self.source == source && self.expect == declared.to_string() && self.issue == declared.issue
    }
}
