//! The runtime that a test runs on.

use std::io;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

use tokio::runtime::{Builder, Runtime};

use super::core::Core;
use super::exit;
use super::meta::Flavor;
use crate::{current, logs};

/// A runtime of the test's flavour, whose threads know which test they work for.
pub(super) fn runtime(core: &Arc<Core>, threads: &Arc<AtomicUsize>) -> io::Result<Runtime> {
    let mut builder = match core.meta.flavor {
        Flavor::CurrentThread => Builder::new_current_thread(),
        Flavor::MultiThread(workers) => {
            let mut builder = Builder::new_multi_thread();
            if let Some(workers) = workers {
                builder.worker_threads(workers);
            }
            builder
        }
    };
    told(&mut builder, core, threads);
    let runtime = builder
        .enable_all()
        .start_paused(core.meta.start_paused)
        .build()?;
    core.runtime
        .set(runtime.handle().clone())
        .expect("a test has one runtime");
    Ok(runtime)
}

/// A runtime for what is left to do when the test's own is blocked.
pub(super) fn relief(core: &Arc<Core>, threads: &Arc<AtomicUsize>) -> io::Result<Runtime> {
    let mut builder = Builder::new_current_thread();
    told(&mut builder, core, threads);
    builder.enable_all().build()
}

/// Has the runtime's threads know which test they work for, and counts them.
fn told(builder: &mut Builder, core: &Arc<Core>, threads: &Arc<AtomicUsize>) {
    let (test, weak, count) = (Arc::clone(&core.test), Arc::downgrade(core), Arc::clone(threads));
    builder.on_thread_start(move || {
        count.fetch_add(1, Ordering::Relaxed);
        current::adopt(Arc::clone(&test));
        logs::listen().stay();
        exit::arm(weak.clone());
    });
    let count = Arc::clone(threads);
    builder.on_thread_stop(move || {
        exit::disarm();
        count.fetch_sub(1, Ordering::Relaxed);
    });
}
