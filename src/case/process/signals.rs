//! What happens when a signal or a test ends the process: set-ups and bodies are stopped, clean-ups are run, and then it ends.

use std::sync::Once;
use std::sync::atomic::{AtomicBool, Ordering};
use std::thread;
use std::time::{Duration, Instant};

use crate::case::returned::Failed;
use crate::case::state::{CaseState, Findings, running_tests};
use crate::case::stderr;
use crate::report::Interruption;

/// How long the process waits for its tests. Nextest kills after ten seconds.
const PATIENCE: Duration = Duration::from_secs(9);

static ENDING: AtomicBool = AtomicBool::new(false);

/// From now on, ctrl-C and SIGTERM have clean-ups run before they end the process.
///
/// Called when a test has something to clean up; until then, they end it at once.
#[cfg(unix)]
pub(in crate::case) fn install() {
    use signal_hook::consts::{SIGINT, SIGTERM};
    use signal_hook::iterator::Signals;

    static INSTALL: Once = Once::new();
    INSTALL.call_once(|| match Signals::new([SIGINT, SIGTERM]) {
        Ok(mut signals) => {
            let watching = thread::Builder::new()
                .name("ssot-signals".to_owned())
                .spawn(move || {
                    for signal in signals.forever() {
                        handle_signal(signal);
                    }
                });
            if let Err(error) = watching {
                stderr::print(&format!("ssot: signals will not have clean-ups run: {error}\n"));
            }
        }
        Err(error) => stderr::print(&format!("ssot: signals will not have clean-ups run: {error}\n")),
    });
}

#[cfg(not(unix))]
pub(in crate::case) fn install() {}

#[cfg(unix)]
fn handle_signal(signal: i32) {
    let again = ENDING.swap(true, Ordering::SeqCst);
    if again {
        end(signal);
    }
    for state in running_tests::all() {
        state.watch.interrupt(Interruption::Signal(signal));
    }
    // Beside the thread that waits for signals, so that a second one ends the process at once.
    thread::spawn(move || {
        wait_for_reports();
        end(signal);
    });
}

fn wait_for_reports() {
    let begun = Instant::now();
    while begun.elapsed() < PATIENCE
        && running_tests::all()
            .iter()
            .any(|state| !state.findings.are_reported())
    {
        thread::sleep(Duration::from_millis(5));
    }
}

/// The exit status of a process whose tests failed, as libtest has it.
const FAILED: i32 = 101;

/// This thread, which works for a test, is ending the process: the clean-ups of its test and of the others are run. Then the
/// process fails, whatever its exit status was to be.
pub(super) fn end_process(state: &CaseState) {
    if !ENDING.swap(true, Ordering::SeqCst) {
        state.watch.exit();
        for other in running_tests::all() {
            if other.test.id() != state.test.id() {
                other.watch.interrupt(Interruption::ProcessEnds);
            }
        }
        wait_for_reports();
    }
    #[cfg(unix)]
    signal_hook::low_level::exit(FAILED);
    #[cfg(not(unix))]
    std::process::abort();
}

#[cfg(unix)]
fn end(signal: i32) {
    if let Err(error) = signal_hook::low_level::emulate_default_handler(signal) {
        stderr::print(&format!(
            "ssot: signal {signal} could not be passed on: {error}\n"
        ));
    }
    std::process::exit(128 + signal);
}

/// A test that would begin while the process ends waits for that instead.
pub(in crate::case) fn wait_if_ending() {
    while ENDING.load(Ordering::SeqCst) {
        thread::park();
    }
}

/// Prints the failure of an interrupted test, and waits for the end of the process.
pub(in crate::case) fn report_and_wait(findings: &Findings, failed: &Result<(), Failed>) {
    if let Err(failed) = failed {
        stderr::print(&format!("\nError: {failed:?}\n"));
    }
    findings.set_reported();
    wait_if_ending();
}
