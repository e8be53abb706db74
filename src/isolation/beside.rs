//! What stands beside the system in each execution, as a database does, and is looked at when its users have left.

use std::any::Any;

use super::source::Local;
use crate::report::Failure;
use crate::trace::User;

/// What stands beside the system. It is asked on the thread of the check, which waits for the answers in real time.
pub(crate) trait Beside: Send + Sync {
    /// The system is about to be built.
    fn begin(&self);

    /// The system is built, and no user has come yet.
    fn built(&self);

    /// How many connections are open.
    fn open(&self) -> usize;

    /// What the users leave behind here, each a fragment without a full stop.
    fn left(&self) -> Vec<String>;

    /// The users have left and what they started has settled: has each of them observe what is theirs to see.
    ///
    /// # Errors
    ///
    /// Where the check could not have found anything, or cannot be carried out.
    fn show(&self, users: &[User]) -> Result<(), Failure>;
}

/// Takes a connection out of the system's pool, as the system does before it uses one.
pub(crate) trait CheckOut<S>: Send + Sync {
    fn check_out<'a>(&'a self, system: &'a S) -> Local<'a, Box<dyn Any>>;
}

/// By an async closure.
pub(crate) struct ByClosure<F>(pub(crate) F);

impl<S, G, F> CheckOut<S> for ByClosure<F>
where
    G: 'static,
    F: AsyncFn(&S) -> G + Send + Sync,
{
    fn check_out<'a>(&'a self, system: &'a S) -> Local<'a, Box<dyn Any>> {
        Box::pin(async { Box::new((self.0)(system).await) as Box<dyn Any> })
    }
}
