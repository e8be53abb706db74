use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

/// Counts what is there now: as many as there are [`Present`]s alive.
#[derive(Clone, Debug, Default)]
pub struct Gauge(Arc<AtomicUsize>);

impl Gauge {
    /// Counts one more, until what is returned is dropped.
    #[must_use = "it is counted only as long as this lives"]
    pub fn enter(&self) -> Present {
        self.0.fetch_add(1, Ordering::AcqRel);
        Present(Arc::clone(&self.0))
    }

    /// How many are there.
    #[must_use]
    pub fn count(&self) -> usize {
        self.0.load(Ordering::Acquire)
    }
}

/// Is counted by a [`Gauge`] as long as it lives, and so across every await at which a call may be dropped.
#[derive(Debug)]
pub struct Present(Arc<AtomicUsize>);

impl Drop for Present {
    fn drop(&mut self) {
        self.0.fetch_sub(1, Ordering::AcqRel);
    }
}
