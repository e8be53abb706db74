//! The one panic hook of the process, and that it stays where it is.
//!
//! A test may replace the hook, as for a panic that it expects. What is found in its place is then put beneath ours: at once where ours
//! is dropped, which `set_hook` does; else at the next call of [`keep`], for `take_hook` gives it away without a word.

use std::cell::Cell;
use std::panic::{self, PanicHookInfo};
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, Once, OnceLock, PoisonError};
use std::{ptr, thread};

type IsToBePrinted = fn(&PanicHookInfo<'_>) -> bool;

type Hook = Box<dyn Fn(&PanicHookInfo<'_>) + Send + Sync>;

/// The addresses of the hooks of ours that there are, installed or in the hands of a test.
static OURS: Mutex<Vec<usize>> = Mutex::new(Vec::new());

static PRINTS: OnceLock<IsToBePrinted> = OnceLock::new();

/// Puts our hook over the one that there is, at the first call.
///
/// `is_to_be_printed` says of a panic whether the hook below ours sees it.
pub(crate) fn wrap(is_to_be_printed: IsToBePrinted) {
    static WRAP: Once = Once::new();
    PRINTS.get_or_init(|| is_to_be_printed);
    WRAP.call_once(|| panic::set_hook(over(panic::take_hook())));
}

/// Puts our hook over the one that there is, where that is not ours.
///
/// Between the two calls in here, a panic of another thread goes unseen: it is for tests that take the hook.
pub(crate) fn keep() {
    // To change the hook then would be one more panic.
    if thread::panicking() {
        return;
    }
    let hook = panic::take_hook();
    let is_ours = ours().contains(&address(&hook));
    panic::set_hook(if is_ours { hook } else { over(hook) });
}

fn over(beneath: Hook) -> Hook {
    thread_local! {
        /// Whether a hook of ours runs: one beneath it has nothing to add.
        static RUNS: Cell<bool> = const { Cell::new(false) };
    }
    let place = Arc::new(AtomicUsize::new(0));
    let dropped = Dropped(Arc::clone(&place));
    let hook: Hook = Box::new(move |info| {
        let _dropped_with_this = &dropped;
        // A panic while thread-locals are torn down is seen by each hook of ours.
        let is_beneath = RUNS.try_with(|runs| runs.replace(true)).unwrap_or(false);
        let is_to_be_printed = || PRINTS.get().is_none_or(|is_to_be_printed| is_to_be_printed(info));
        if is_beneath || is_to_be_printed() {
            beneath(info);
        }
        if !is_beneath {
            // See above.
            RUNS.try_with(|runs| runs.set(false)).unwrap_or(());
        }
    });
    let address = address(&hook);
    place.store(address, Ordering::SeqCst);
    ours().push(address);
    hook
}

fn address(hook: &Hook) -> usize {
    ptr::from_ref(&**hook).cast::<()>().addr()
}

fn ours() -> MutexGuard<'static, Vec<usize>> {
    OURS.lock().unwrap_or_else(PoisonError::into_inner)
}

/// Dropped with a hook of ours, after another one has taken its place.
struct Dropped(Arc<AtomicUsize>);

impl Drop for Dropped {
    fn drop(&mut self) {
        let address = self.0.load(Ordering::SeqCst);
        ours().retain(|ours| *ours != address);
        keep();
    }
}
