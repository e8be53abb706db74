use ssot_reference::{RequestIds, RunId, SessionId, ThreadId, UserId};

use crate::user::UserContext;

/// The ids of a user of the harness, as the reference system takes them: the same texts.
impl From<&UserContext> for RequestIds {
    fn from(context: &UserContext) -> Self {
        Self {
            user: UserId::from(context.user.as_str()),
            thread: ThreadId::from(context.thread.as_str()),
            run: RunId::from(context.run.as_str()),
            session: SessionId::from(context.session.as_str()),
        }
    }
}
