//! Databases: made from a template, put back to what the template holds, read.

mod copy;
mod handle;
mod layout;
mod made;
mod reset;
mod rows;
mod template;

pub use handle::Database;
pub(super) use made::{Made, SharedLayout};
pub(super) use rows::{owned, seen};
pub(super) use template::Template;
