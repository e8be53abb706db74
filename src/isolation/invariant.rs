//! What a test says must hold in a system after every execution: by closures, and by async ones.

use super::source::Local;

/// A condition with a name.
pub(crate) struct Invariant<S> {
    pub(crate) name: String,
    pub(crate) holds: std::sync::Arc<dyn Holds<S>>,
}

impl<S> Clone for Invariant<S> {
    fn clone(&self) -> Self {
        Self {
            name: self.name.clone(),
            holds: std::sync::Arc::clone(&self.holds),
        }
    }
}

/// Says whether a condition holds in a system.
pub(crate) trait Holds<S>: Send + Sync {
    fn holds<'a>(&'a self, system: &'a S) -> Local<'a, bool>;
}

/// A closure that says it at once.
pub(crate) struct AtOnce<F>(pub(crate) F);

impl<S, F: Fn(&S) -> bool + Send + Sync> Holds<S> for AtOnce<F> {
    fn holds<'a>(&'a self, system: &'a S) -> Local<'a, bool> {
        Box::pin(async { self.0(system) })
    }
}

/// An async closure.
pub(crate) struct Awaited<F>(pub(crate) F);

impl<S, F: AsyncFn(&S) -> bool + Send + Sync> Holds<S> for Awaited<F> {
    fn holds<'a>(&'a self, system: &'a S) -> Local<'a, bool> {
        Box::pin(async { self.0(system).await })
    }
}
