use std::path::PathBuf;
use std::process::Command;

use crate::error::{Error, ErrorKind};

/// What git says, to the byte: paths need not be text.
///
/// # Errors
///
/// Where it cannot be started, or fails; `what` it was to do is said.
pub(crate) fn ask(git: &mut Command, what: &str) -> Result<Vec<u8>, Error> {
    let said = git.output().map_err(|error| {
        Error::new(
            ErrorKind::Git,
            "git cannot be started",
            "see that it is installed and in PATH",
        )
        .because(error)
    })?;
    if said.status.success() {
        return Ok(said.stdout);
    }
    let details = String::from_utf8_lossy(&said.stderr).trim_end().to_owned();
    let what = format!("git cannot {what}");
    Err(Error::new(ErrorKind::Git, what, "see what it says of it").with_details(details))
}

/// The entries of what git prints with `-z`.
pub(crate) fn entries(listing: &[u8]) -> impl Iterator<Item = &[u8]> {
    listing.split(|byte| *byte == 0).filter(|entry| !entry.is_empty())
}

/// A path as git prints it with `-z`.
#[cfg(unix)]
pub(crate) fn path(entry: &[u8]) -> PathBuf {
    use std::ffi::OsStr;
    use std::os::unix::ffi::OsStrExt as _;

    PathBuf::from(OsStr::from_bytes(entry))
}

/// A path as git prints it with `-z`.
#[cfg(not(unix))]
pub(crate) fn path(entry: &[u8]) -> PathBuf {
    PathBuf::from(String::from_utf8_lossy(entry).into_owned())
}
