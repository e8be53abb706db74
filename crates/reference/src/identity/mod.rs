//! Who asks: the ids of a request, and the context that an engine works for.

mod clean_ups;
mod context;
mod id;
mod request_ids;

pub use clean_ups::{CleanUpFailures, CleanUps};
pub use context::{InvalidIdentity, TooDeep, UserExecutionContext};
pub use id::{RequestId, RunId, SessionId, ThreadId, UserId};
pub use request_ids::RequestIds;
