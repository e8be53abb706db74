use std::fmt;

use crate::oracle::{Kind, Violation};
use crate::trace::Surface;

/// What a fail-first test has to fail with before its fix, as its attribute declares it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct FailFirst {
    /// The issue that the fix resolves.
    pub issue: &'static str,
    /// The kind of violation that it has to report.
    pub expect: Option<Kind>,
    /// A part of what a failing assertion has to say.
    pub expect_message: Option<&'static str>,
    /// On which surface the violation has to show.
    pub surface: Option<Surface>,
    /// What the test program tells of the test without being run: see `find_markers`.
    pub marker: &'static str,
}

impl FailFirst {
    /// Whether a violation is the declared one.
    #[must_use]
    pub fn is_violation(&self, violation: &Violation) -> bool {
        self.expect == Some(violation.kind())
            && self
                .surface
                .is_none_or(|surface| violation.surface() == Some(surface))
    }

    /// Whether the declared failure is a panic of a task or a thread that nothing awaits.
    #[must_use]
    pub fn is_of_task(&self) -> bool {
        self.expect == Some(Kind::TaskPanic)
    }

    /// The declared message, where this is one: the line in which the declared part begins. It may stand there as `Debug`
    /// escapes it, as in what an `unwrap` says of an error.
    #[must_use]
    pub fn find_in<'m>(&self, message: &'m str) -> Option<&'m str> {
        let declared = self.expect_message?;
        let at = message
            .find(declared)
            .or_else(|| message.find(&declared.escape_debug().to_string()))?;
        let begin = message[..at].rfind('\n').map_or(0, |end| end + 1);
        message[begin..].lines().next()
    }
}

/// What is expected, in the form of the ledger: `context-leak`, `context-leak/log`, or a message in double quotes.
impl fmt::Display for FailFirst {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match (self.expect, self.surface, self.expect_message) {
            (Some(kind), None, _) => write!(f, "{kind}"),
            (Some(kind), Some(surface), _) => write!(f, "{kind}/{surface}"),
            (None, _, message) => write!(f, "\"{}\"", message.unwrap_or_default()),
        }
    }
}

/// The kind of that id; an id that does not exist, or that nothing reports, is an error when the test is compiled.
///
/// # Panics
///
/// Where there is no such kind, or nothing reports it.
#[must_use]
pub const fn kind(id: &str) -> Kind {
    let mut index = 0;
    while index < Kind::ALL.len() {
        if same(Kind::ALL[index].as_str().as_bytes(), id.as_bytes()) {
            let kind = Kind::ALL[index];
            return kind;
        }
        index += 1;
    }
    panic!("{}", Kind::NO_SUCH);
}

/// The surface of that name; a name that there is not is an error when the test is compiled.
///
/// # Panics
///
/// Where there is no such surface.
#[must_use]
pub const fn surface(name: &str) -> Surface {
    let mut index = 0;
    while index < Surface::ALL.len() {
        if same(Surface::ALL[index].as_str().as_bytes(), name.as_bytes()) {
            return Surface::ALL[index];
        }
        index += 1;
    }
    panic!("{}", Surface::NO_SUCH);
}

const fn same(a: &[u8], b: &[u8]) -> bool {
    if a.len() != b.len() {
        return false;
    }
    let mut index = 0;
    while index < a.len() {
        if a[index] != b[index] {
            return false;
        }
        index += 1;
    }
    true
}
