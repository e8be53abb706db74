//! One file: from its text to its index.

use thiserror::Error;

use super::attributes::facts;
use super::builder::{Builder, Place};
use super::index::{FileIndex, NONE};
use super::lexer::lex;
use super::raw_items::raw_items;
use super::skeleton::{blanked, skeleton};

/// Why a file is not indexed.
#[derive(Clone, Debug, Error, PartialEq, Eq)]
#[error("{what}")]
pub(crate) struct SyntaxError {
    pub(crate) what: String,
    /// From 1.
    pub(crate) line: usize,
    /// From 0, in characters.
    pub(crate) column: usize,
}

/// The index of a file with this text.
///
/// # Errors
///
/// Where it is not Rust.
pub(crate) fn index(source: &str) -> Result<FileIndex, SyntaxError> {
    let lexed = lex(source).map_err(|error| {
        let (line, column) = line_and_column(source, error.at as usize);
        SyntaxError {
            what: error.what.to_owned(),
            line,
            column,
        }
    })?;
    let raw = raw_items(&lexed, 0, lexed.tokens.len());
    let file = syn::parse_file(&skeleton(&lexed, &raw, 0, source.len())).map_err(|error| {
        // Only where something is wrong do lines matter.
        let error = syn::parse_file(&blanked(&lexed, &raw, 0, source.len()))
            .err()
            .unwrap_or(error);
        let start = error.span().start();
        SyntaxError {
            what: error.to_string(),
            line: start.line,
            column: start.column,
        }
    });
    // Spans point into a table of this thread, which only grows.
    proc_macro2::extra::invalidate_current_thread_spans();
    let file = file?;
    if file.items.len() != raw.len() {
        return Err(SyntaxError {
            what: format!(
                "it has {} items, of which {} can be told apart",
                file.items.len(),
                raw.len()
            ),
            line: 1,
            column: 0,
        });
    }
    let mut builder = Builder::new(&lexed);
    let test = facts(&file.attrs).flags.test;
    let place = Place {
        scope: 0,
        item: NONE,
        in_impl: NONE,
        test,
        in_macro: false,
        conditional: false,
    };
    builder.superseded_file(&raw);
    builder.items(&raw, &file.items, place);
    let mut index = builder.index;
    index.test = test;
    index.generated = is_generated(source);
    index.lines = lines(source);
    index.shrink();
    Ok(index)
}

fn lines(source: &str) -> u32 {
    let ends = source.bytes().filter(|byte| *byte == b'\n').count();
    let open = !source.is_empty() && !source.ends_with('\n');
    u32::try_from(ends + usize::from(open)).unwrap_or(u32::MAX)
}

impl FileIndex {
    fn shrink(&mut self) {
        self.items.shrink_to_fit();
        self.imports.shrink_to_fit();
        self.paths.shrink_to_fit();
        self.references.shrink_to_fit();
        self.texts.shrink_to_fit();
    }
}

/// Whether the first lines say that a program wrote the file.
fn is_generated(source: &str) -> bool {
    let mut end = source.len().min(1_000);
    while !source.is_char_boundary(end) {
        end -= 1;
    }
    source[..end]
        .lines()
        .take(20)
        .filter(|line| line.trim_start().starts_with("//") || line.trim_start().starts_with("/*"))
        .any(|line| {
            let line = line.to_ascii_lowercase();
            line.contains("@generated")
                || line.contains("do not edit")
                || line.contains("automatically generated")
        })
}

/// The line, from 1, and the column, from 0 and in characters, of an offset.
pub(crate) fn line_and_column(source: &str, mut at: usize) -> (usize, usize) {
    at = at.min(source.len());
    while !source.is_char_boundary(at) {
        at -= 1;
    }
    let before = &source[..at];
    let line_start = before.rfind('\n').map_or(0, |end| end + 1);
    (
        before.matches('\n').count() + 1,
        before[line_start..].chars().count(),
    )
}
