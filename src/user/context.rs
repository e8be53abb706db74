use serde::{Deserialize, Serialize};

use super::{RunId, SessionId, ThreadId, UserId};

/// The four ids that a multi-user system carries about for one user's request.
#[derive(Clone, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub struct UserContext {
    /// Who asks.
    pub user: UserId,
    /// In which conversation.
    pub thread: ThreadId,
    /// In which execution of an agent.
    pub run: RunId,
    /// Over which connection.
    pub session: SessionId,
}
