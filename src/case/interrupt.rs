//! What happens when the process is told to end: set-ups and bodies are stopped, clean-ups are run, and then it ends.

use std::sync::Once;
use std::sync::atomic::{AtomicBool, Ordering};
use std::thread;
use std::time::{Duration, Instant};

use super::core::Core;
use super::live;
use super::outcome::Failed;
use super::run::tell;

/// How long the process waits for its tests. Nextest kills after ten seconds.
const PATIENCE: Duration = Duration::from_secs(9);

static ENDING: AtomicBool = AtomicBool::new(false);

/// From now on, ctrl-C and SIGTERM have clean-ups run before they end the process.
///
/// Called when a test has something to clean up; until then, they end it at once.
#[cfg(unix)]
pub(super) fn watch() {
    use signal_hook::consts::{SIGINT, SIGTERM};
    use signal_hook::iterator::Signals;

    static WATCH: Once = Once::new();
    WATCH.call_once(|| match Signals::new([SIGINT, SIGTERM]) {
        Ok(mut signals) => {
            let watching = thread::Builder::new()
                .name("ssot-signals".to_owned())
                .spawn(move || {
                    for signal in signals.forever() {
                        heed(signal);
                    }
                });
            if let Err(error) = watching {
                tell(&format!("ssot: signals will not have clean-ups run: {error}\n"));
            }
        }
        Err(error) => tell(&format!("ssot: signals will not have clean-ups run: {error}\n")),
    });
}

#[cfg(not(unix))]
pub(super) fn watch() {}

#[cfg(unix)]
fn heed(signal: i32) {
    let again = ENDING.swap(true, Ordering::SeqCst);
    if again {
        end(signal);
    }
    for core in live::all() {
        core.watch.interrupt(signal);
    }
    // Beside the thread that waits for signals, so that a second one ends the process at once.
    thread::spawn(move || {
        wait_for_last_words();
        end(signal);
    });
}

fn wait_for_last_words() {
    let begun = Instant::now();
    while begun.elapsed() < PATIENCE && live::all().iter().any(|core| !core.has_spoken()) {
        thread::sleep(Duration::from_millis(5));
    }
}

/// The exit status of a process whose tests failed, as libtest has it.
const FAILED: i32 = 101;

/// Stands for a signal to the other tests, where one of them ends the process.
const EXIT: i32 = 0;

/// This thread, which works for a test, is ending the process: what it has to clean up is run, and what the others have. Then the
/// process fails, whatever it was to say.
pub(super) fn exiting(core: &Core) {
    if !ENDING.swap(true, Ordering::SeqCst) {
        core.watch.exit();
        for other in live::all() {
            if other.test.id() != core.test.id() {
                other.watch.interrupt(EXIT);
            }
        }
        wait_for_last_words();
    }
    #[cfg(unix)]
    signal_hook::low_level::exit(FAILED);
    #[cfg(not(unix))]
    std::process::abort();
}

#[cfg(unix)]
fn end(signal: i32) {
    if let Err(error) = signal_hook::low_level::emulate_default_handler(signal) {
        tell(&format!(
            "ssot: signal {signal} could not be passed on: {error}\n"
        ));
    }
    std::process::exit(128 + signal);
}

/// The name of a signal that ends a test.
pub(super) fn name(signal: i32) -> &'static str {
    match signal {
        EXIT => "the end of the process, by another test",
        2 => "ctrl-C (SIGINT)",
        15 => "SIGTERM",
        _ => "a signal",
    }
}

/// A test that would begin while the process ends waits for that instead.
pub(super) fn wait_if_ending() {
    while ENDING.load(Ordering::SeqCst) {
        thread::park();
    }
}

/// Prints what is to be said of an interrupted test, and waits for the end of the process.
pub(super) fn last_words(core: &Core, failed: &Result<(), Failed>) {
    if let Err(failed) = failed {
        tell(&format!("\nError: {failed:?}\n"));
    }
    core.speak();
    wait_if_ending();
}
