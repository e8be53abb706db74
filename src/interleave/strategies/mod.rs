//! The ways to decide, each from its source in the literature.

mod drop_calls;
mod enumeration;
mod guided;
mod pct;
mod perturbed;
mod portfolio;
mod random_walk;
mod replay;
mod selected_polls;
mod selective_walk;
mod serial;
mod sparse;
#[cfg(feature = "unstable-interleave")]
mod uniform_walk;

pub(crate) use drop_calls::DropCalls;
pub use enumeration::Enumeration;
pub use guided::Guided;
pub use pct::Pct;
pub(crate) use perturbed::Perturbation;
pub use perturbed::Perturbed;
pub use portfolio::Portfolio;
pub use random_walk::RandomWalk;
pub use replay::Replay;
pub use selective_walk::SelectiveWalk;
pub use serial::Serial;
pub use sparse::SparseDeviations;
#[cfg(feature = "unstable-interleave")]
pub use uniform_walk::UniformWalk;
