//! Secrets and ids in texts: in every encoding, letter case and division into chunks, with the ranges that show them.

mod cache;
mod chunks;
mod decoded;
mod decoders;
mod decodings;
#[cfg(test)]
mod encoders;
mod encoding;
mod names;
mod secret_index;
mod secret_search;

pub(super) use cache::Cache;
pub(super) use chunks::streams;
pub(super) use decoded::Traced;
#[cfg(test)]
pub(crate) use encoders::Encoder;
pub use encoding::Encoding;
pub(super) use names::{Id, Place};
pub(super) use secret_search::{SecretSearch, SecretSeen};
