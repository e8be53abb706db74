//! The tests that are running in this process.

use std::sync::{Arc, Mutex, MutexGuard, PoisonError, Weak};

use super::case_state::CaseState;
use crate::current;

static RUNNING: Mutex<Vec<(u64, Weak<CaseState>)>> = Mutex::new(Vec::new());

/// Counts the test among those that are running until the guard is dropped.
pub(in crate::case) fn enter(state: &Arc<CaseState>) -> RunningTest {
    let id = state.test.id();
    running().push((id, Arc::downgrade(state)));
    RunningTest { id }
}

/// The running test of that id.
pub(in crate::case) fn find(id: u64) -> Option<Arc<CaseState>> {
    let running = running();
    let (_, state) = running.iter().find(|(known, _)| *known == id)?;
    state.upgrade()
}

/// The running test that this thread works for.
pub(in crate::case) fn current() -> Option<Arc<CaseState>> {
    find(current::test()?.id())
}

/// The only test that is running, where there is only one.
pub(in crate::case) fn only() -> Option<Arc<CaseState>> {
    match running().as_slice() {
        [(_, state)] => state.upgrade(),
        _ => None,
    }
}

/// All that are running.
pub(in crate::case) fn all() -> Vec<Arc<CaseState>> {
    running()
        .iter()
        .filter_map(|(_, state)| state.upgrade())
        .collect()
}

fn running() -> MutexGuard<'static, Vec<(u64, Weak<CaseState>)>> {
    RUNNING.lock().unwrap_or_else(PoisonError::into_inner)
}

/// Counts a test among the running ones while it lives.
#[derive(Debug)]
pub(in crate::case) struct RunningTest {
    id: u64,
}

impl Drop for RunningTest {
    fn drop(&mut self) {
        running().retain(|(id, _)| *id != self.id);
    }
}
