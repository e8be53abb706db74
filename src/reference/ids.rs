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

#[cfg(test)]
mod tests {
    use ssot_reference::RequestIds;

    use crate::user::UserContext;

    #[test]
    fn the_ids_are_those_of_the_context() {
        let context = UserContext {
            user: "ada".into(),
            thread: "t".into(),
            run: "r".into(),
            session: "s".into(),
        };
        let RequestIds {
            user,
            thread,
            run,
            session,
        } = RequestIds::from(&context);
        assert_eq!([&*user, &*thread, &*run, &*session], ["ada", "t", "r", "s"]);
    }
}
