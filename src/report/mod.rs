//! What is known of a check's outcome, before it is printed.

mod caveat;
mod origin;

pub(crate) use caveat::Caveat;
pub(crate) use origin::{FoundBy, Phase, Portion};
