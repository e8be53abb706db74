use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

/// Counts what exists at the moment: the number of its [`GaugeGuard`]s.
#[derive(Clone, Debug, Default)]
pub struct Gauge(Arc<AtomicUsize>);

impl Gauge {
    /// Counts one more until the returned guard is dropped.
    #[must_use = "it is counted only until the guard is dropped"]
    pub fn enter(&self) -> GaugeGuard {
        self.0.fetch_add(1, Ordering::AcqRel);
        GaugeGuard(Arc::clone(&self.0))
    }

    /// The current number.
    #[must_use]
    pub fn count(&self) -> usize {
        self.0.load(Ordering::Acquire)
    }
}

/// Is counted by a [`Gauge`] until it is dropped, also if the call that holds it is dropped at an await.
#[derive(Debug)]
pub struct GaugeGuard(Arc<AtomicUsize>);

impl Drop for GaugeGuard {
    fn drop(&mut self) {
        self.0.fetch_sub(1, Ordering::AcqRel);
    }
}
