//! Who asks: the ids of a request, and the context that an engine works for.

mod context;
mod id;
mod request_ids;

pub use context::{InvalidIdentity, UserExecutionContext};
pub use id::{RunId, SessionId, ThreadId, UserId};
pub use request_ids::RequestIds;
