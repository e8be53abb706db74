//! A file's text to a compact index: items through syn, bodies from their tokens.

mod attributes;
mod builder;
mod file;
mod imports;
pub(crate) mod index;
mod items;
mod lexer;
mod macros;
mod raw_items;
mod scan;
mod shape;
mod skeleton;

pub(crate) use file::{SyntaxError, index, line_and_column};
pub(crate) use shape::hash_of;
