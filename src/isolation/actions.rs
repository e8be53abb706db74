use std::fmt::Debug;
use std::task::{Context, Poll};
use std::vec;

use serde::de::DeserializeOwned;
use serde::{Deserialize, Serialize};

use super::scenario::{Outcome, Scenario, ScriptResult};
use super::source::Local;
use crate::interleave::Actor;
use crate::trace::User;
use crate::user::{Population, SecretKind};

/// What a generated input can be: it is shown, kept as JSON, and done once for each execution.
///
/// Implemented for everything that has these traits.
#[diagnostic::on_unimplemented(
    message = "`{Self}` cannot be a generated input",
    note = "derive `Clone`, `Debug`, `Serialize` and `Deserialize` for it",
    note = "`.generated` takes a range of users, a closure from `&User` to a strategy of a `Vec` of inputs, and a step that takes one input"
)]
pub trait Input: Clone + Debug + Serialize + DeserializeOwned + Send + Sync + 'static {}

impl<T: Clone + Debug + Serialize + DeserializeOwned + Send + Sync + 'static> Input for T {}

/// An input that knows how to act on the system `S`, for [`Isolation::plan`](super::Isolation::plan).
pub trait Action<S>: Input {
    /// Does it as this user, and says what the user saw.
    ///
    /// # Errors
    ///
    /// What the user is shown as an error that the script does not expect.
    fn act(self, user: &User, system: &S) -> impl Future<Output = ScriptResult>;
}

/// Does one action.
pub(crate) trait Step<S, A>: Send + Sync {
    fn step<'a>(&'a self, user: &'a User, system: &'a S, action: A) -> Local<'a, ScriptResult>;
}

/// By a closure.
pub(crate) struct ByClosure<F>(pub(crate) F);

impl<S: 'static, A: 'static, F> Step<S, A> for ByClosure<F>
where
    F: AsyncFn(&User, &S, A) -> ScriptResult + Send + Sync,
{
    fn step<'a>(&'a self, user: &'a User, system: &'a S, action: A) -> Local<'a, ScriptResult> {
        Box::pin((self.0)(user, system, action))
    }
}

/// By the action itself.
pub(crate) struct ByAction;

impl<S: 'static, A: Action<S>> Step<S, A> for ByAction {
    fn step<'a>(&'a self, user: &'a User, system: &'a S, action: A) -> Local<'a, ScriptResult> {
        Box::pin(action.act(user, system))
    }
}

/// A list of actions for each user.
pub(crate) struct Planned<A, T> {
    pub(crate) inputs: Inputs<A>,
    pub(crate) step: T,
}

/// Generated inputs, in the form in which they are kept.
#[derive(Debug, Serialize, Deserialize)]
pub(crate) struct Inputs<A> {
    /// Each user's, in order.
    pub(crate) actions: Vec<Vec<A>>,
    /// The kinds and labels of the secrets in them.
    #[serde(default)]
    pub(crate) secrets: Vec<(SecretKind, String)>,
}

impl<S, A, T> Scenario<S> for Planned<A, T>
where
    S: 'static,
    A: Input,
    T: std::ops::Deref<Target = dyn Step<S, A>> + Send + Sync,
{
    fn users(&self) -> usize {
        self.inputs.actions.len()
    }

    fn actor<'a>(&'a self, user: &'a User, system: &'a S, outcome: &'a Outcome) -> Box<dyn Actor + 'a> {
        Box::new(Acting {
            rest: self.inputs.actions[user.index()].clone().into_iter(),
            current: None,
            step: &*self.step,
            user,
            system,
            outcome,
        })
    }

    fn mint(&self, population: &Population) {
        population.mint_all(&self.inputs.secrets);
    }

    fn inputs(&self) -> Option<String> {
        // An action that cannot be serialised is refused when it is generated, before this is called.
        serde_json::to_string(&self.inputs).ok()
    }

    fn lines(&self) -> Option<Vec<Vec<String>>> {
        let line = |action: &A| format!("{action:?}");
        Some(
            self.inputs
                .actions
                .iter()
                .map(|actions| actions.iter().map(line).collect())
                .collect(),
        )
    }
}

/// A user on the way through a list of actions. A drop ends the action in flight; the user goes on with the next, as
/// a client does whose call timed out.
struct Acting<'a, S, A> {
    rest: vec::IntoIter<A>,
    current: Option<Local<'a, ScriptResult>>,
    step: &'a dyn Step<S, A>,
    user: &'a User,
    system: &'a S,
    outcome: &'a Outcome,
}

impl<S: 'static, A: Input> Actor for Acting<'_, S, A> {
    fn poll(&mut self, cx: &mut Context<'_>) -> Poll<()> {
        if self.current.is_none() {
            let Some(action) = self.rest.next() else {
                self.outcome.set(self.user, Ok(()));
                return Poll::Ready(());
            };
            self.current = Some(self.step.step(self.user, self.system, action));
        }
        let Some(current) = &mut self.current else {
            return Poll::Pending;
        };
        match current.as_mut().poll(cx) {
            Poll::Pending => Poll::Pending,
            Poll::Ready(Err(error)) => {
                self.current = None;
                self.outcome.set(self.user, Err(error));
                Poll::Ready(())
            }
            Poll::Ready(Ok(())) => {
                self.current = None;
                if self.rest.len() == 0 {
                    self.outcome.set(self.user, Ok(()));
                    return Poll::Ready(());
                }
                // Between two actions anything may happen.
                cx.waker().wake_by_ref();
                Poll::Pending
            }
        }
    }

    fn drop_call(&mut self) -> bool {
        self.current = None;
        self.rest.len() == 0
    }
}
