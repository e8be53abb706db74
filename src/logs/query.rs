use std::fmt;
use std::slice;

use tracing::Level;

use super::LogEvent;

/// What a test has logged so far, oldest first.
///
/// A snapshot: what is logged later is in the next one. Filters give another, and chain:
///
/// ```
/// # use ssot_harness::prelude::*;
/// # fn asserts(logs: &Logs) {
/// let refused = logs.at(Level::ERROR).with_field("user", "user-1").containing("refused");
/// assert_eq!(refused.len(), 1, "{logs:?}");
/// # }
/// ```
#[derive(Clone, Default)]
pub struct Logs {
    pub(super) events: Vec<LogEvent>,
    pub(super) dropped: usize,
    pub(super) stray: Vec<LogEvent>,
    pub(super) dropped_stray: usize,
}

impl Logs {
    /// The events, oldest first.
    pub fn iter(&self) -> slice::Iter<'_, LogEvent> {
        self.events.iter()
    }

    /// How many events there are.
    #[must_use]
    pub fn len(&self) -> usize {
        self.events.len()
    }

    /// Whether there is none.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.events.is_empty()
    }

    /// Those whose one-line form has this text in it: message, fields and spans are searched alike, in the letter case
    /// given.
    #[must_use]
    pub fn containing(&self, text: &str) -> Self {
        self.filter(|event| event.to_string().contains(text))
    }

    /// Those of this very level.
    #[must_use]
    pub fn at(&self, level: Level) -> Self {
        self.filter(|event| event.level() == level)
    }

    /// Those of this level and more severe ones: `WARN` takes errors too.
    #[must_use]
    pub fn at_least(&self, level: Level) -> Self {
        self.filter(|event| event.level() <= level)
    }

    /// Those that have this field with this value, or are in a span that has; the innermost that has the field counts.
    /// Values are compared by their text.
    #[must_use]
    pub fn with_field(&self, name: &str, value: impl fmt::Display) -> Self {
        let value = value.to_string();
        self.filter(|event| {
            let of_spans = || event.spans().iter().rev().find_map(|span| span.field(name));
            event.field(name).or_else(of_spans) == Some(&value)
        })
    }

    /// Those that were logged in a span of this name, however deep.
    #[must_use]
    pub fn in_span(&self, name: &str) -> Self {
        self.filter(|event| event.spans().iter().any(|span| span.name() == name))
    }

    /// Those whose target is this module, or one within it: `chat` takes `chat::engine`, not `chat_store`.
    #[must_use]
    pub fn from_target(&self, module: &str) -> Self {
        self.filter(|event| {
            event
                .target()
                .strip_prefix(module)
                .is_some_and(|rest| rest.is_empty() || rest.starts_with("::"))
        })
    }

    /// The last so many.
    #[must_use]
    pub fn last(&self, count: usize) -> Self {
        let last = |events: &[LogEvent]| events[events.len().saturating_sub(count)..].to_vec();
        Self {
            events: last(&self.events),
            stray: last(&self.stray),
            ..*self
        }
    }

    /// How many events of the test, of any kind, were dropped, the oldest first, because there were too many.
    #[must_use]
    pub fn dropped(&self) -> usize {
        self.dropped
    }

    /// Events of nobody that were logged while the test was running: see [whose event it is](crate::logs).
    #[must_use]
    pub fn stray(&self) -> Self {
        Self {
            events: self.stray.clone(),
            dropped: self.dropped_stray,
            ..Self::default()
        }
    }

    fn filter(&self, takes: impl Fn(&LogEvent) -> bool) -> Self {
        let filter = |events: &[LogEvent]| {
            events
                .iter()
                .filter(|event| takes(event))
                .cloned()
                .collect::<Vec<_>>()
        };
        Self {
            events: filter(&self.events),
            stray: filter(&self.stray),
            ..*self
        }
    }
}

impl<'a> IntoIterator for &'a Logs {
    type Item = &'a LogEvent;
    type IntoIter = slice::Iter<'a, LogEvent>;

    fn into_iter(self) -> Self::IntoIter {
        self.iter()
    }
}

impl fmt::Display for Logs {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.len() {
            0 => f.write_str("nothing was logged")?,
            1 => f.write_str("1 event was logged:")?,
            events => write!(f, "{events} events were logged:")?,
        }
        for event in self {
            write!(f, "\n  {event}")?;
        }
        if self.dropped > 0 {
            write!(f, "\n  ({} older ones were dropped)", self.dropped)?;
        }
        if !self.stray.is_empty() {
            write!(
                f,
                "\n  ({} of nobody beside them: see `stray()`)",
                self.stray.len()
            )?;
        }
        Ok(())
    }
}

impl fmt::Debug for Logs {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self, f)
    }
}
