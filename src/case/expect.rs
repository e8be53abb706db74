use crate::oracle::Kind;

/// What a fail-first test has to fail with before its fix.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct FailFirst {
    /// The issue that the fix resolves.
    pub issue: &'static str,
    /// The kind of violation that it has to report.
    pub expect: Option<Kind>,
    /// A part of what a failing assertion has to say.
    pub expect_message: Option<&'static str>,
    /// On which surface the violation has to show, by its name.
    pub surface: Option<&'static str>,
}

/// The kind of that id; an id that there is not is an error when the test is compiled.
///
/// # Panics
///
/// Where there is no such kind.
#[must_use]
pub const fn kind(id: &str) -> Kind {
    let mut index = 0;
    while index < Kind::ALL.len() {
        if same(Kind::ALL[index].as_str().as_bytes(), id.as_bytes()) {
            return Kind::ALL[index];
        }
        index += 1;
    }
    panic!("there is no such kind of violation: see `ssot_harness::oracle::Kind` for those that there are");
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
