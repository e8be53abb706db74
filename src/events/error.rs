use std::fmt::{self, Write as _};

use crate::composed::composed;
use crate::oracle::Kind;

/// Where a stream does not follow its [`Protocol`](super::Protocol).
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ProtocolError(Box<Fault>);

/// What is wrong, and where.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Fault {
    pub(super) protocol: String,
    /// `None` where the protocol itself is at fault, or there is nothing to check.
    pub(super) kind: Option<Kind>,
    /// The place in the stream, from 1; `None` at its end.
    pub(super) number: Option<usize>,
    pub(super) event: Option<String>,
    pub(super) what: String,
    pub(super) expected: Vec<String>,
    pub(super) open: Vec<String>,
}

impl ProtocolError {
    pub(super) fn of(fault: Fault) -> Self {
        Self(Box::new(fault))
    }

    /// The kind of violation; `None` where the protocol can match nothing or the stream holds no event, which is an error of the test.
    #[must_use]
    pub fn kind(&self) -> Option<Kind> {
        self.0.kind
    }

    /// The place of the event in the stream, from 1; `None` where the end of the stream is wrong.
    #[must_use]
    pub fn number(&self) -> Option<usize> {
        self.0.number
    }

    /// The type of the event, where there is one.
    #[must_use]
    pub fn event(&self) -> Option<&str> {
        self.0.event.as_deref()
    }

    /// The types that could have come there.
    #[must_use]
    pub fn expected(&self) -> &[String] {
        &self.0.expected
    }

    /// What was open there, such as `order_id 7, after paid`.
    #[must_use]
    pub fn open(&self) -> &[String] {
        &self.0.open
    }

    pub(super) fn is_before(&self, other: &Self) -> bool {
        self.0.number.unwrap_or(usize::MAX) < other.0.number.unwrap_or(usize::MAX)
    }

    fn text(&self) -> Result<String, fmt::Error> {
        let fault = &self.0;
        let mut text = format!("protocol {}: ", fault.protocol);
        match (fault.number, &fault.event) {
            (Some(number), Some(event)) => write!(text, "event {number}, {event}, {}", fault.what)?,
            (Some(number), None) => write!(text, "event {number} {}", fault.what)?,
            (None, _) => text.push_str(&fault.what),
        }
        if !fault.expected.is_empty() {
            write!(text, "; expected there: {}", fault.expected.join(", "))?;
        }
        if !fault.open.is_empty() {
            write!(text, "; open: {}", fault.open.join("; "))?;
        }
        Ok(text)
    }
}

impl fmt::Display for ProtocolError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&composed(self.text()?))
    }
}

impl std::error::Error for ProtocolError {}
