//! The runtime that a test runs on.

use std::io;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

use tokio::runtime::{Builder, Runtime};

use crate::case::process::process_exit;
use crate::case::state::{CaseState, Flavor};
use crate::{current, logs};

/// Builds a runtime of the test's flavour, whose threads work for the test.
pub(super) fn of_test(state: &Arc<CaseState>, threads: &Arc<AtomicUsize>) -> io::Result<Runtime> {
    let mut builder = match state.meta.flavor {
        Flavor::CurrentThread => Builder::new_current_thread(),
        Flavor::MultiThread(workers) => {
            let mut builder = Builder::new_multi_thread();
            if let Some(workers) = workers {
                builder.worker_threads(workers);
            }
            builder
        }
    };
    register_threads(&mut builder, state, threads);
    let runtime = builder
        .enable_all()
        .start_paused(state.meta.start_paused)
        .build()?;
    state.activity.tasks.set_runtime(runtime.handle());
    Ok(runtime)
}

/// Builds a runtime for the remaining clean-ups, where the test's own is blocked.
pub(super) fn of_cleanups(state: &Arc<CaseState>, threads: &Arc<AtomicUsize>) -> io::Result<Runtime> {
    let mut builder = Builder::new_current_thread();
    register_threads(&mut builder, state, threads);
    builder.enable_all().build()
}

/// Registers the runtime's threads as working for the test, and counts them.
fn register_threads(builder: &mut Builder, state: &Arc<CaseState>, threads: &Arc<AtomicUsize>) {
    let (test, weak, count) = (
        Arc::clone(&state.test),
        Arc::downgrade(state),
        Arc::clone(threads),
    );
    builder.on_thread_start(move || {
        count.fetch_add(1, Ordering::Relaxed);
        current::adopt(Arc::clone(&test));
        logs::listen().stay();
        process_exit::arm(weak.clone());
    });
    let count = Arc::clone(threads);
    builder.on_thread_stop(move || {
        process_exit::disarm();
        count.fetch_sub(1, Ordering::Relaxed);
    });
}
