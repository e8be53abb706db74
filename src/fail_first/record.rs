use std::path::Path;
use std::sync::atomic::{AtomicU64, Ordering};
use std::{fs, io, process};

use serde::{Deserialize, Serialize};

use super::{Outcome, Target};
use crate::files;

/// What one run of a fail-first test came to, as a test program tells `cargo ssot`.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Record {
    /// The folder of the package, as cargo named it to the test.
    pub package: String,
    /// The crate that the test is compiled in.
    #[serde(rename = "crate")]
    pub krate: String,
    /// The test's path within it.
    pub test: String,
    /// Which kind of cargo target that is, where it is known.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub target: Option<Target>,
    /// A hash of the test's source.
    pub source: u64,
    /// A fingerprint of all that it stands on, where it is known.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub covers: Option<u64>,
    /// What it came to.
    pub outcome: Outcome,
}

impl Record {
    /// Writes it into a folder, under a name that no other record has.
    ///
    /// # Errors
    ///
    /// Where it cannot be written.
    pub fn write(&self, folder: &Path) -> io::Result<()> {
        static NEXT: AtomicU64 = AtomicU64::new(0);
        let name = format!("{}-{}", process::id(), NEXT.fetch_add(1, Ordering::Relaxed));
        let text = serde_json::to_string_pretty(self).map_err(io::Error::other)?;
        files::replace(&folder.join(name).with_extension("json"), &text)
    }
}

/// The records of a folder, in no order.
///
/// # Errors
///
/// Where the folder or a record cannot be read.
pub fn read_records(folder: &Path) -> io::Result<Vec<Record>> {
    let mut records = Vec::new();
    for entry in fs::read_dir(folder)? {
        let path = entry?.path();
        if path.extension().is_some_and(|extension| extension == "json") {
            records.push(serde_json::from_str(&fs::read_to_string(path)?).map_err(io::Error::other)?);
        }
    }
    Ok(records)
}
