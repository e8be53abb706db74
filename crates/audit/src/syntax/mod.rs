//! A file's text to a compact index: items through syn, bodies from their tokens.

mod attributes;
mod bindings;
mod blocks;
mod builder;
mod conditional;
mod definitions;
mod docs;
mod file;
mod functions;
mod imports;
pub(crate) mod index;
mod items;
mod lexer;
mod macros;
mod nested;
mod paths;
mod punctuation;
mod raw_items;
mod scan;
mod shape;
mod skeleton;
mod tokens;
mod words;
mod written;

pub(crate) use file::{SyntaxError, index, line_and_column};
pub(crate) use shape::hash_of;
pub(crate) use written::lead_of;
