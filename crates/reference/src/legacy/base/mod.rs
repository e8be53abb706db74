//! What the legacy engines and factories have in common, which is not where their faults are.

mod engine;
mod factory;
mod wrapping;

pub(super) use engine::{Base, completed, legacy_engine, started, thinking};
pub(super) use factory::legacy_factory;
pub(super) use wrapping::{config, wrapping_factory};
