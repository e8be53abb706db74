//! `cargo ssot audit`: the sources of a workspace against `ssot.toml`.

mod command;
mod discovering;
mod gate;
mod told;

pub(crate) use command::{Args, audit};
pub(crate) use gate::{Audited, gate};
