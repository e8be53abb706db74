//! The server that tests share: where it comes from, and who uses it.

mod container;
mod found;
#[cfg(unix)]
mod local;
mod login;
mod secret;
mod shared;
mod url;
mod verifier;

pub(super) use found::Unavailable;
pub(super) use login::{LOCK, TEMPLATE, UNLOCK, drop_database};
pub(super) use shared::{Server, shared};
