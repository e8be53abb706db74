use std::sync::{Mutex, PoisonError};
use std::task::{Context, Poll, Waker};
use std::time::Duration;

use crate::report::Interruption;

/// Why a phase is stopped from outside.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(in crate::case) enum Reason {
    /// It took longer than this.
    TimedOut(Duration),
    /// The process ends.
    Interrupted(Interruption),
}

/// Stops one phase from another thread, at its next await.
#[derive(Debug, Default)]
pub(in crate::case) struct Stop(Mutex<StopState>);

#[derive(Debug, Default)]
struct StopState {
    reason: Option<Reason>,
    waker: Option<Waker>,
}

impl Stop {
    /// Asks the phase to stop. The first reason stays.
    pub(in crate::case) fn because(&self, reason: Reason) {
        let waker = {
            let mut state = self.0.lock().unwrap_or_else(PoisonError::into_inner);
            state.reason.get_or_insert(reason);
            state.waker.take()
        };
        if let Some(waker) = waker {
            waker.wake();
        }
    }

    pub(in crate::case) fn reason(&self) -> Option<Reason> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).reason
    }

    /// Ready once the phase is to stop.
    pub(in crate::case) fn poll(&self, context: &Context<'_>) -> Poll<Reason> {
        let mut state = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(reason) = state.reason {
            return Poll::Ready(reason);
        }
        match &mut state.waker {
            Some(waker) => waker.clone_from(context.waker()),
            None => state.waker = Some(context.waker().clone()),
        }
        Poll::Pending
    }
}
