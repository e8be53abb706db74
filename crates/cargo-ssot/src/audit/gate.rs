//! The audit as a part of `cargo ssot gate`.

use std::path::Path;

use ssot_audit::{CONFIGURATION, Mode, Report};

use super::command::exit_of;
use super::told::error_of;
use crate::error::Error;
use crate::exit::Exit;

/// What the audit of a project found.
#[derive(Debug)]
pub(crate) struct Audited {
    report: Report,
}

/// Audits a project that has an `ssot.toml`. The baseline is locked.
///
/// # Errors
///
/// Where its configuration or its baseline cannot be used.
pub(crate) fn gate(root: &Path) -> Result<Option<Audited>, Error> {
    if !root.join(CONFIGURATION).is_file() {
        return Ok(None);
    }
    let report = ssot_audit::audit()
        .at(root)
        .configured()
        .mode(Mode::reading(true))
        .run()
        .map_err(error_of)?;
    Ok(Some(Audited { report }))
}

impl Audited {
    pub(crate) fn is_fine(&self) -> bool {
        exit_of(&self.report) == Exit::Fine
    }

    /// What is not fine, and how much was read.
    pub(crate) fn text(&self) -> String {
        self.report.colored()
    }

    pub(crate) fn json(&self) -> serde_json::Value {
        self.report.json()
    }
}
