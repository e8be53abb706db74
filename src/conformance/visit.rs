//! What the users of most checks do: create an engine, ask, close it.

use super::bench::Bench;
use super::event_order::CallFact;
use super::{Client, Subject};
use crate::isolation::{ScriptError, ScriptResult};
use crate::trace::{Surface, User};
use crate::user::UserContext;

/// A user's engine, and the client of its events.
pub(super) struct Visit<'a, S: Subject> {
    user: &'a User,
    bench: &'a Bench<S>,
    pub(super) client: Client,
    pub(super) engine: S::Engine,
}

impl<'a, S: Subject> Visit<'a, S> {
    /// Creates the engine of a user.
    pub(super) async fn begin(user: &'a User, bench: &'a Bench<S>) -> Result<Self, ScriptError> {
        let client = bench.client(user);
        let engine = bench.subject.create(user.context(), client.clone()).await?;
        Ok(Self {
            user,
            bench,
            client,
            engine,
        })
    }

    /// Runs a prompt. The user sees the answer or the error.
    pub(super) async fn ask(&self, prompt: &str) -> Option<String> {
        self.user.tell(CallFact::Begins);
        let result = self.bench.subject.run(&self.engine, prompt).await;
        let mut facts = self.bench.facts.borrow_mut();
        match result {
            Ok(answer) => {
                facts.answered += 1;
                self.user.tell(CallFact::Answered);
                self.user.saw(Surface::Reply, &answer);
                Some(answer)
            }
            Err(error) => {
                facts.failed += 1;
                self.user.tell(CallFact::Failed);
                self.user.saw(Surface::Error, &error.to_string());
                None
            }
        }
    }

    /// Runs the prompt with a secret of the user's.
    pub(super) async fn ask_about_card(&self) -> Option<String> {
        self.ask(&about_card(self.user)).await
    }

    pub(super) async fn close(&self) -> ScriptResult {
        self.bench.subject.close(&self.engine).await
    }
}

/// Begins with the secret, so that whoever gets a part of it gets what can be told apart.
pub(super) fn about_card(user: &User) -> String {
    format!("{} is my card, is it still good?", user.secret("card"))
}

/// The context of a user that no script has, whose id begins like this one's.
pub(super) fn twin(context: &UserContext) -> UserContext {
    UserContext {
        user: format!("{}-twin", context.user).into(),
        thread: format!("{}-twin", context.thread).into(),
        run: format!("{}-twin", context.run).into(),
        session: format!("{}-twin", context.session).into(),
    }
}

/// Says that the user has seen what it asked with, for checks that look at something else.
pub(super) fn see_own(user: &User) {
    user.saw(Surface::Reply, &about_card(user));
}
