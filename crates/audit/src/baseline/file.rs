//! The file of a baseline.

use std::fs;
use std::io::{self, Write as _};
use std::path::Path;

use super::entry::Entry;
use crate::error::Error;

const HEAD: &str = "\
# What `cargo ssot audit` knows of already: rule, place, target, shape, and why it was let in. Sorted; merge by keeping both sides.
# New findings fail. `--tighten` removes those that are gone, `--allow-growth \"reason\"` adds.
";

/// The entries of a file; none, if there is no file.
///
/// # Errors
///
/// Where it cannot be read, or a line is none of a baseline.
pub(crate) fn read(path: &Path) -> Result<Option<Vec<Entry>>, Error> {
    let text = match fs::read_to_string(path) {
        Ok(text) => text,
        Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(None),
        Err(source) => {
            return Err(Error::Read {
                path: path.to_owned(),
                source,
            });
        }
    };
    let mut entries = Vec::new();
    for (line, number) in text.lines().zip(1..) {
        let wrong = |what: String| Error::Baseline {
            path: path.to_owned(),
            line: number,
            what,
        };
        if ["<<<<<<<", "=======", ">>>>>>>", "|||||||"]
            .iter()
            .any(|mark| line.starts_with(mark))
        {
            let what = "a merge left its conflict marks; keep the lines of both sides, then run `cargo ssot audit --tighten`";
            return Err(wrong(what.to_owned()));
        }
        if line.trim().is_empty() || line.starts_with('#') {
            continue;
        }
        entries.push(Entry::parse(line).map_err(wrong)?);
    }
    entries.sort();
    entries.dedup_by(|one, other| one.same_as(other));
    Ok(Some(entries))
}

/// Writes a file as a whole or not at all.
///
/// # Errors
///
/// Where it cannot be written.
pub(crate) fn write(path: &Path, entries: &[Entry]) -> Result<(), Error> {
    let mut lines: Vec<String> = entries.iter().map(Entry::line).collect();
    lines.sort();
    lines.dedup();
    let mut text = HEAD.to_owned();
    for line in lines {
        text.push_str(&line);
        text.push('\n');
    }
    if fs::read_to_string(path).is_ok_and(|known| known == text) {
        return Ok(());
    }
    let draft = path.with_extension(format!("lock.{}.draft", std::process::id()));
    let written = fs::File::create(&draft)
        .and_then(|mut file| {
            file.write_all(text.as_bytes())?;
            file.sync_all()
        })
        .and_then(|()| fs::rename(&draft, path));
    written.map_err(|source| {
        // The draft is of no use to anybody.
        drop(fs::remove_file(&draft));
        Error::Write {
            path: path.to_owned(),
            source,
        }
    })
}
