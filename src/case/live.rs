//! The tests that are running in this process.

use std::sync::{Arc, Mutex, MutexGuard, PoisonError, Weak};

use super::core::Core;

static LIVE: Mutex<Vec<(u64, Weak<Core>)>> = Mutex::new(Vec::new());

/// Counts the test among those that are running until the guard is dropped.
pub(super) fn enter(core: &Arc<Core>) -> Alive {
    let id = core.test.id();
    live().push((id, Arc::downgrade(core)));
    Alive { id }
}

/// The running test of that id.
pub(super) fn find(id: u64) -> Option<Arc<Core>> {
    let live = live();
    let (_, core) = live.iter().find(|(known, _)| *known == id)?;
    core.upgrade()
}

/// The only test that is running, where there is only one.
pub(super) fn only() -> Option<Arc<Core>> {
    match live().as_slice() {
        [(_, core)] => core.upgrade(),
        _ => None,
    }
}

/// All that are running.
pub(super) fn all() -> Vec<Arc<Core>> {
    live().iter().filter_map(|(_, core)| core.upgrade()).collect()
}

fn live() -> MutexGuard<'static, Vec<(u64, Weak<Core>)>> {
    LIVE.lock().unwrap_or_else(PoisonError::into_inner)
}

#[derive(Debug)]
pub(super) struct Alive {
    id: u64,
}

impl Drop for Alive {
    fn drop(&mut self) {
        live().retain(|(id, _)| *id != self.id);
    }
}
