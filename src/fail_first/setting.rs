use std::env;
use std::path::PathBuf;

use crate::settings::{self, Unreadable};

/// Where tests run.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum RunLocation {
    /// On a developer's machine, where the ledger may be written.
    Local,
    /// Where `CI` is set: nothing is written.
    Ci,
}

impl RunLocation {
    /// Where this process runs.
    #[must_use]
    pub fn of_this_process() -> Self {
        if settings::is_ci() { Self::Ci } else { Self::Local }
    }
}

/// What is to be done with the outcome of a fail-first test.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Mode {
    /// Judge it by the ledger.
    Judge,
    /// The same, but red tests fail as ordinary ones do: `SSOT_FAIL_FIRST=show`.
    Show,
    /// Write it down in this folder and judge nothing: `cargo ssot` does that.
    Record(PathBuf),
}

impl Mode {
    /// What the environment says.
    pub(crate) fn of_this_process() -> Result<Self, Unreadable> {
        if let Some(folder) = env::var_os("SSOT_RECORD").filter(|folder| !folder.is_empty()) {
            return Ok(Self::Record(PathBuf::from(folder)));
        }
        match settings::text("SSOT_FAIL_FIRST")?.as_deref() {
            None => Ok(Self::Judge),
            Some("show") => Ok(Self::Show),
            Some(other) => Err(Unreadable {
                what: format!("SSOT_FAIL_FIRST is `{other}`"),
                remedy: "set it to `show`, which has red tests fail as ordinary ones, or unset it".to_owned(),
            }),
        }
    }
}
