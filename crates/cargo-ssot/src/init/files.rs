use std::fs::{self, File};
use std::io::{self, Write as _};
use std::path::Path;

use crate::error::Error;

/// What became of a file.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Done {
    Written,
    /// It is there, and is left as it is.
    Left,
}

/// Writes a file that is not there yet. One that cannot be written as a whole is not left behind.
///
/// # Errors
///
/// Where it cannot be written.
pub(super) fn write_new(path: &Path, text: &str) -> Result<Done, Error> {
    let unwritable = |error| Error::unwritable(path, error);
    if let Some(folder) = path.parent() {
        fs::create_dir_all(folder).map_err(unwritable)?;
    }
    let mut file = match File::create_new(path) {
        Ok(file) => file,
        Err(error) if error.kind() == io::ErrorKind::AlreadyExists => return Ok(Done::Left),
        Err(error) => return Err(unwritable(error)),
    };
    file.write_all(text.as_bytes()).map_err(|error| {
        // That it could not be written is told; where it cannot be removed either, that says enough.
        drop(fs::remove_file(path));
        unwritable(error)
    })?;
    Ok(Done::Written)
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
