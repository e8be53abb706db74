//! What looks like competing implementations of one role, without any configuration.

mod candidates;
mod declared;
mod find;
mod marker;
mod proposal;
mod proposals;
mod score;
mod standing;
mod weights;
mod words;

pub use proposals::{Competing, Discovered, discover};
pub(crate) use standing::standing;
