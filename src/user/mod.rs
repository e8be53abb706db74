//! Who the users of a check are: their identities, their secrets, their contexts.

mod context;
mod id;

pub use context::UserContext;
pub use id::{RunId, SessionId, ThreadId, UserId};
