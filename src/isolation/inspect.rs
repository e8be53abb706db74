//! What a system may be asked about itself by: closures that return it, and async ones.

use serde::Serialize;
use serde_json::Value;

use super::source::Local;

/// Says what is live in a system, as JSON.
pub(crate) trait Inspect<S>: Send + Sync {
    fn inspect<'a>(&'a self, system: &'a S) -> Local<'a, serde_json::Result<Value>>;
}

/// A closure that returns it.
pub(crate) struct Plain<F>(pub(crate) F);

impl<S, T, F> Inspect<S> for Plain<F>
where
    T: Serialize,
    F: Fn(&S) -> T + Send + Sync,
{
    fn inspect<'a>(&'a self, system: &'a S) -> Local<'a, serde_json::Result<Value>> {
        Box::pin(async { serde_json::to_value(self.0(system)) })
    }
}

/// An async closure.
pub(crate) struct Awaited<F>(pub(crate) F);

impl<S, T, F> Inspect<S> for Awaited<F>
where
    T: Serialize,
    F: AsyncFn(&S) -> T + Send + Sync,
{
    fn inspect<'a>(&'a self, system: &'a S) -> Local<'a, serde_json::Result<Value>> {
        Box::pin(async { serde_json::to_value(self.0(system).await) })
    }
}
