//! The runtime that a test runs on.

use std::io;
use std::sync::Arc;
use std::sync::atomic::Ordering;

use tokio::runtime::{Builder, Runtime};

use super::core::Core;
use super::meta::Flavor;
use crate::{current, logs};

/// A runtime of the test's flavour, whose threads know which test they work for.
pub(super) fn runtime(core: &Arc<Core>) -> io::Result<Runtime> {
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
    let (test, threads) = (Arc::clone(&core.test), Arc::clone(&core.threads));
    builder.on_thread_start(move || {
        threads.fetch_add(1, Ordering::Relaxed);
        current::adopt(Arc::clone(&test));
        logs::listen().stay();
    });
    let threads = Arc::clone(&core.threads);
    builder.on_thread_stop(move || {
        threads.fetch_sub(1, Ordering::Relaxed);
    });
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
pub(super) fn relief() -> io::Result<Runtime> {
    Builder::new_current_thread().enable_all().build()
}
