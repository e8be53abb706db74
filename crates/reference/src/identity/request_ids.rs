use serde::{Deserialize, Serialize};

use super::{RunId, SessionId, ThreadId, UserId};

/// The four ids of a user's request, not validated. [`UserExecutionContext::new`](crate::UserExecutionContext::new) validates
/// them.
#[derive(Clone, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub struct RequestIds {
    /// The user.
    pub user: UserId,
    /// The conversation.
    pub thread: ThreadId,
    /// The execution of an agent.
    pub run: RunId,
    /// The connection or login.
    pub session: SessionId,
}
