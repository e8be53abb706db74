use std::fs::{self, File};
use std::io::{self, Write as _};
use std::path::Path;

use tempfile::NamedTempFile;

use crate::error::Error;

/// What became of a file.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Done {
    Written,
    /// It is there, and is left as it is.
    Left,
}

/// Writes a file that is not there yet, as a whole or not at all.
///
/// # Errors
///
/// Where it cannot be written.
pub(super) fn write_new(path: &Path, text: &str) -> Result<Done, Error> {
    let unwritable = |error| Error::unwritable(path, error);
    match draft(path, text).map_err(unwritable)?.persist_noclobber(path) {
        Ok(_) => Ok(Done::Written),
        Err(error) if error.error.kind() == io::ErrorKind::AlreadyExists => Ok(Done::Left),
        Err(error) => Err(unwritable(error.error)),
    }
}

/// The text in a file beside `path` that is removed unless it is persisted.
fn draft(path: &Path, text: &str) -> io::Result<NamedTempFile> {
    let folder = path.parent().unwrap_or(Path::new(""));
    fs::create_dir_all(folder)?;
    // By `make_in`, because tempfile's own files are readable by their owner only, and because its errors name the draft.
    let mut draft = tempfile::Builder::new()
        .prefix(".ssot-")
        .suffix(".draft")
        .make_in(folder, |draft| File::create_new(draft))?;
    draft.write_all(text.as_bytes())?;
    draft.as_file().sync_all()?;
    Ok(draft)
}

/// Adds a line to the end of a file, unless it has it.
///
/// # Errors
///
/// Where it cannot be read or written.
pub(super) fn add_line(path: &Path, line: &str) -> Result<Done, Error> {
    let text = match fs::read_to_string(path) {
        Ok(text) => text,
        Err(error) if error.kind() == io::ErrorKind::NotFound => {
            return write_new(path, &format!("{line}\n"));
        }
        Err(error) => return Err(Error::unreadable(path, error)),
    };
    if text.lines().any(|known| known.trim() == line) {
        return Ok(Done::Left);
    }
    let break_before = if text.is_empty() || text.ends_with('\n') {
        ""
    } else {
        "\n"
    };
    File::options()
        .append(true)
        .open(path)
        .and_then(|mut file| file.write_all(format!("{break_before}{line}\n").as_bytes()))
        .map_err(|error| Error::unwritable(path, error))?;
    Ok(Done::Written)
}
