//! The thread that talks to PostgreSQL: in real time, whatever clock a test or a check has.

use std::future::pending;
use std::sync::{OnceLock, mpsc};
use std::thread;

use tokio::runtime::{Builder, Handle};

use crate::current;
use crate::interleave::off_schedule;

static SERVICE: OnceLock<Handle> = OnceLock::new();

/// The runtime of that thread, which goes on until the process ends.
pub(super) fn handle() -> &'static Handle {
    SERVICE.get_or_init(|| {
        let runtime = Builder::new_current_thread()
            .enable_all()
            .build()
            .expect("the operating system has a file descriptor for one more I/O driver");
        let handle = runtime.handle().clone();
        thread::Builder::new()
            .name("ssot-postgres".to_owned())
            .spawn(move || {
                let _no_test = current::enter(None);
                runtime.block_on(pending::<()>());
            })
            .expect("the operating system has resources for one more thread");
        handle
    })
}

/// Does the work on that thread, and waits for it on this one.
///
/// # Panics
///
/// Where the work does, whose message has been printed then.
pub(super) fn wait<T: Send + 'static>(work: impl Future<Output = T> + Send + 'static) -> T {
    let (tell, told) = mpsc::channel();
    handle().spawn(async move {
        // Who has panicked in the meantime does not listen.
        drop(tell.send(work.await));
    });
    off_schedule(|| told.recv()).expect("what is done on the thread of PostgreSQL does not panic")
}

/// Whether this is that thread, which must not wait for itself.
pub(super) fn is_here() -> bool {
    Handle::try_current().is_ok_and(|here| here.id() == handle().id())
}
