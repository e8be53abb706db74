use std::future::poll_fn;
use std::pin::Pin;
use std::task::Poll;

use crate::case::phases::{Reason, Stop};
use crate::case::tasks::Activity;
use crate::panics::Panic;

/// A future of the test's own thread.
pub(super) type LocalFuture<'a, T> = Pin<Box<dyn Future<Output = T> + 'a>>;

/// How a phase ended.
#[derive(Debug)]
pub(super) enum Ended<T> {
    Done(T),
    Panicked(Panic),
    /// It was stopped, and dropped; what was dropped may have panicked.
    Stopped(Reason, Option<Panic>),
}

/// Runs a phase until it is done, panics, or is stopped, in which case it is dropped.
pub(super) async fn run_until_stopped<T>(
    activity: &Activity,
    stop: &Stop,
    phase: LocalFuture<'_, T>,
) -> Ended<T> {
    let mut phase = Some(phase);
    let ended = poll_fn(|context| {
        if let Poll::Ready(reason) = stop.poll(context) {
            return Poll::Ready(Ended::Stopped(reason, None));
        }
        let Some(future) = phase.as_mut() else {
            return Poll::Pending;
        };
        activity.metrics.polled();
        let polled = activity.panics.catch(|| future.as_mut().poll(context));
        activity.panics.keep_hook();
        match polled {
            Ok(Poll::Pending) => Poll::Pending,
            Ok(Poll::Ready(value)) => Poll::Ready(Ended::Done(value)),
            Err(panic) => Poll::Ready(Ended::Panicked(panic)),
        }
    })
    .await;
    // What a future holds is dropped with it, and a destructor may panic as anything else may.
    match activity.panics.catch(|| drop(phase.take())) {
        Ok(()) => ended,
        Err(panic) => match ended {
            Ended::Panicked(first) => Ended::Panicked(first),
            Ended::Done(_) => Ended::Panicked(panic),
            // The stop comes first: it caused the panic.
            Ended::Stopped(reason, _) => Ended::Stopped(reason, Some(panic)),
        },
    }
}
