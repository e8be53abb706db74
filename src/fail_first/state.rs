use super::{Declared, Entry, FailFirst};

/// What is known of a fail-first test.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum State {
    /// Nothing is on record.
    Unknown,
    /// It failed as declared, and is on record with that; it has not passed since.
    Red(Entry),
    /// It was red, and passed after that.
    Green(Entry),
    /// It is on record, and was edited after that: what it does, or what it declares.
    Stale(Entry),
}

impl State {
    /// The state of a test whose source hash is `source`, with what is on record.
    #[must_use]
    pub fn of(entry: Option<Entry>, declared: &FailFirst, source: u64) -> Self {
        Self::judged(entry, |entry| entry.is_of(declared, source))
    }

    /// The same for a test that its program declares, without running it.
    #[must_use]
    pub fn of_declared(entry: Option<Entry>, declared: &Declared) -> Self {
        Self::judged(entry, |entry| !entry.is_outdated(declared))
    }

    fn judged(entry: Option<Entry>, is_of_test: impl FnOnce(&Entry) -> bool) -> Self {
        match entry {
            None => Self::Unknown,
            Some(entry) if !is_of_test(&entry) => Self::Stale(entry),
            Some(entry) if entry.green.is_none() => Self::Red(entry),
            Some(entry) => Self::Green(entry),
        }
    }

    /// `unknown`, `red`, `green` or `stale`.
    #[must_use]
    pub fn as_str(&self) -> &'static str {
        match self {
            Self::Unknown => "unknown",
            Self::Red(_) => "red",
            Self::Green(_) => "green",
            Self::Stale(_) => "stale",
        }
    }
}
