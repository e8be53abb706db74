//! Which files a test program was compiled from, as the compiler has written it down beside the program.

use std::fs;
use std::path::{Path, PathBuf};

use crate::error::Error;

/// The sources of a program: modules, and what they include. `folder` is the one that the compiler ran in.
///
/// # Errors
///
/// Where the compiler's file cannot be read.
pub(crate) fn sources(executable: &Path, folder: &Path) -> Result<Vec<PathBuf>, Error> {
    let file = executable.with_extension("d");
    let text = fs::read_to_string(&file).map_err(|error| Error::unreadable(&file, error))?;
    Ok(parse(&text)
        .into_iter()
        .map(|source| folder.join(source))
        .collect())
}

/// `program: source source`, with blanks in names escaped; what follows says the same in other ways.
fn parse(text: &str) -> Vec<PathBuf> {
    let Some((_, sources)) = text.lines().find_map(|line| line.split_once(": ")) else {
        return Vec::new();
    };
    let mut names = vec![String::new()];
    let mut characters = sources.chars().peekable();
    while let Some(character) = characters.next() {
        match character {
            '\\' if characters.next_if_eq(&' ').is_some() => push(&mut names, ' '),
            ' ' => names.push(String::new()),
            other => push(&mut names, other),
        }
    }
    names.retain(|name| !name.is_empty());
    names.into_iter().map(PathBuf::from).collect()
}

fn push(names: &mut [String], character: char) {
    if let Some(name) = names.last_mut() {
        name.push(character);
    }
}

#[cfg(test)]
mod tests {
    use std::path::PathBuf;

    use super::parse;

    #[test]
    fn names_with_blanks_are_whole() {
        let text = "/t/desk-1.d: tests/desk.rs tests/der\\ laden/mod.rs\n\n/t/desk-1: tests/desk.rs\n\ntests/desk.rs:\n";
        assert_eq!(
            parse(text),
            ["tests/desk.rs", "tests/der laden/mod.rs"].map(PathBuf::from)
        );
        assert_eq!(parse("tests/desk.rs:\n"), Vec::<PathBuf>::new());
    }
}
