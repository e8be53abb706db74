//! The process environment, which tests of one process share.

mod direct_changes;
mod env_changes;
mod env_lock;
mod process_env;

pub(in crate::case) use env_changes::EnvChanges;
