//! `ssot.lock`: findings that are known, which can only become fewer.

mod apply;
mod compare;
mod entry;
mod file;

pub(crate) use apply::apply;
pub use apply::{Baseline, Mode};
