use std::collections::BTreeMap;
use std::fmt;
use std::sync::Arc;

use serde::Serialize;

/// The context of an engine, as it is handed to tools and agents. What a holder does to it changes no other handle.
pub trait ContextHandle: fmt::Debug + Send + Sync {
    /// The metadata that this handle shows.
    fn entries(&self) -> BTreeMap<String, String>;

    /// Returns a context with one more entry. This handle shows what it showed before.
    fn with_entry(&self, key: &str, value: &str) -> Arc<dyn ContextHandle>;

    /// Returns the context of a part of the run, or `None` if there can be no further one.
    fn child(&self, name: &str) -> Option<Arc<dyn ContextHandle>>;
}

/// What one place says about the runs of an engine. All places must say the same.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct StatusView {
    /// The name of the place: a registry, a tracker.
    pub place: &'static str,
    /// The number of runs that it holds to be under way.
    pub running: usize,
    /// The number of runs that it holds to be over.
    pub ended: usize,
}
