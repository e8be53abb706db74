//! What stands between the system and its database: it passes everything on, and asks idle connections what they keep.

mod connection;
mod framing;
mod listener;
mod session;
mod upstream;

pub(super) use listener::Proxy;
pub(super) use session::{Session, probe};
pub(super) use upstream::Upstream;
