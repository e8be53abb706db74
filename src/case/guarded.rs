use std::future::poll_fn;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::task::Poll;

use super::body::Local;
use super::core::Core;
use super::panics::Moment;
use super::stop::{Reason, Stop};
use crate::panics::{Panic, discard};

/// How a phase ended.
#[derive(Debug)]
pub(super) enum Ended<T> {
    Done(T),
    Panicked(Panic),
    /// It was told to stop, and dropped; what was dropped may have panicked.
    Stopped(Reason, Option<Panic>),
}

/// Runs a phase until it is done, panics, or is told to stop, in which case it is dropped where it stands.
pub(super) async fn guarded<T>(core: &Core, stop: &Stop, phase: Local<'_, T>) -> Ended<T> {
    let mut phase = Some(phase);
    let ended = poll_fn(|context| {
        if let Poll::Ready(reason) = stop.poll(context) {
            return Poll::Ready(Ended::Stopped(reason, None));
        }
        let Some(future) = phase.as_mut() else {
            return Poll::Pending;
        };
        core.metrics.polled();
        let polled = caught(core, || future.as_mut().poll(context));
        core.panics.keep_hook();
        match polled {
            Ok(Poll::Pending) => Poll::Pending,
            Ok(Poll::Ready(value)) => Poll::Ready(Ended::Done(value)),
            Err(panic) => Poll::Ready(Ended::Panicked(panic)),
        }
    })
    .await;
    // What a future holds is dropped with it, and a destructor may panic as anything else may.
    match caught(core, || drop(phase.take())) {
        Ok(()) => ended,
        Err(panic) => match ended {
            Ended::Panicked(first) => Ended::Panicked(first),
            Ended::Done(_) => Ended::Panicked(panic),
            // That it had to be stopped comes first: the panic is what the stopping brought about.
            Ended::Stopped(reason, _) => Ended::Stopped(reason, Some(panic)),
        },
    }
}

/// Runs `f`; a panic in it becomes an error, and is not counted among those that nobody caught.
pub(super) fn caught<R>(core: &Core, f: impl FnOnce() -> R) -> Result<R, Panic> {
    let begun = Moment::now();
    catch_unwind(AssertUnwindSafe(f)).map_err(|payload| {
        let panic = core.panics.claim(begun, payload.as_ref());
        discard(payload);
        panic
    })
}
