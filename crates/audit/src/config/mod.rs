//! `ssot.toml`, and its mistakes.

mod mistakes;
mod parse;
mod reader;
mod types;

pub(crate) use mistakes::Mistakes;
pub(crate) use parse::{known_pair, parse};
pub(crate) use types::{Config, Discover, Layers, Payload, Redirect, Role, Superseded, Text, Unique};
