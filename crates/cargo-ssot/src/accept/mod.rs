//! `cargo ssot accept`: red tests that now pass turn green.

mod ask;
mod command;
mod told;

pub(crate) use command::{Args, accept};
