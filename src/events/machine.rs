use super::event::Event;
use crate::oracle::Kind;

/// Rules of a protocol that no pattern expresses, as of a stream that is read event by event.
pub(super) trait Machine {
    /// One event further. `rest` are those after it.
    fn step(&mut self, event: &Event, rest: &[Event]) -> Result<(), Misstep>;

    /// The stream is over.
    fn end(&self) -> Result<(), Misstep>;
}

/// What is wrong with an event, or with the end of a stream.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Misstep {
    pub(super) kind: Kind,
    pub(super) what: String,
    pub(super) expected: Vec<String>,
    pub(super) open: Vec<String>,
}

impl Misstep {
    pub(super) fn new(kind: Kind, what: impl Into<String>) -> Self {
        Self {
            kind,
            what: what.into(),
            expected: Vec::new(),
            open: Vec::new(),
        }
    }

    pub(super) fn expecting<S: Into<String>>(mut self, expected: impl IntoIterator<Item = S>) -> Self {
        self.expected = expected.into_iter().map(Into::into).collect();
        self
    }

    pub(super) fn with_open(mut self, open: Vec<String>) -> Self {
        self.open = open;
        self
    }
}
