//! The reference system does what its documentation says.

mod clients;
mod engine;
mod factory;
mod orchestrator;
mod pipelines;
mod platform;
