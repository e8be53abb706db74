use std::env;
use std::ffi::OsStr;
use std::fmt;

use crate::case::environment::EnvChanges;
use crate::case::phases::Watch;
use crate::case::process::signals;

/// The process environment, as one test may change it: see [`Case::env`](super::Case::env).
///
/// Change the environment before the test starts work that may read it in C code, as `getaddrinfo` and `localtime` do: such code
/// reads the variables while `std` does not know of it.
///
/// What a test changes past this, by `std::env::set_var` or `set_current_dir`, is reported on standard error at its end; it is
/// put back where no other test can have done it: under nextest, and where tests run one after another.
pub struct Env<'a> {
    changes: &'a EnvChanges,
    watch: &'a Watch,
}

impl<'a> Env<'a> {
    pub(in crate::case) fn new(changes: &'a EnvChanges, watch: &'a Watch) -> Self {
        Self { changes, watch }
    }

    /// Sets a variable until the end of the test.
    ///
    /// The first change waits until no other test of the harness runs in this process; that wait does not count
    /// against the test's timeout. Under nextest no other test runs in the process.
    ///
    /// # Panics
    ///
    /// Where the name is empty or contains `=` or NUL, or the value contains NUL.
    pub fn set(&self, name: impl AsRef<OsStr>, value: impl AsRef<OsStr>) {
        self.change(name.as_ref(), Some(value.as_ref()));
    }

    /// Removes a variable until the end of the test.
    ///
    /// # Panics
    ///
    /// Where the name is empty or contains `=` or NUL.
    pub fn unset(&self, name: impl AsRef<OsStr>) {
        self.change(name.as_ref(), None);
    }

    /// What the variable is now; `None` where it is not set, or is no text.
    pub fn get(&self, name: impl AsRef<OsStr>) -> Option<String> {
        env::var(name.as_ref()).ok()
    }

    fn change(&self, name: &OsStr, value: Option<&OsStr>) {
        assert!(
            !name.is_empty()
                && !name
                    .as_encoded_bytes()
                    .iter()
                    .any(|byte| matches!(byte, b'=' | 0)),
            "an environment variable cannot be called `{}`: give it a name without `=` and NUL",
            name.display()
        );
        assert!(
            !value.is_some_and(|value| value.as_encoded_bytes().contains(&0)),
            "the environment variable `{}` cannot hold a NUL",
            name.display()
        );
        signals::install();
        self.changes.change(self.watch, name, value);
    }
}

impl fmt::Debug for Env<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Env").field("changes", self.changes).finish()
    }
}
