use std::io;
use std::process::{Child, Command};
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Mutex, MutexGuard, PoisonError};

use crate::error::{Error, ErrorKind};
#[cfg(unix)]
use crate::progress::say;

/// Whether signals are watched for.
static WATCHED: AtomicBool = AtomicBool::new(false);

/// Whether one has come.
static INTERRUPTED: AtomicBool = AtomicBool::new(false);

/// The processes that run for us, each the first of a group of its own.
static RUNNING: Mutex<Vec<u32>> = Mutex::new(Vec::new());

/// A process that a signal is passed on to until this is dropped.
#[derive(Debug)]
pub(crate) struct Running(u32);

/// From now on, ctrl-C and SIGTERM end what runs for us, and not this process, which tidies up by returning errors. A second
/// one kills what has not ended.
///
/// # Errors
///
/// Where signals cannot be watched.
pub(crate) fn watch() -> Result<(), Error> {
    if WATCHED.swap(true, Ordering::SeqCst) {
        return Ok(());
    }
    ctrlc::set_handler(|| {
        let again = INTERRUPTED.swap(true, Ordering::SeqCst);
        for process in running().iter() {
            end(*process, again);
        }
    })
    .map_err(|error| {
        let what = "ctrl-C cannot be watched for, after which nothing may be left behind";
        Error::new(ErrorKind::Run, what, "call this from another terminal").because(error)
    })
}

/// What there is to tell in place of a result that an interruption may have spoilt.
///
/// # Errors
///
/// Where a signal has come.
pub(crate) fn check() -> Result<(), Error> {
    if INTERRUPTED.load(Ordering::SeqCst) {
        return Err(Error::new(
            ErrorKind::Interrupted,
            "interrupted",
            "nothing was recorded; call this again",
        ));
    }
    Ok(())
}

/// Keeps ctrl-C from a process that is soon over: the terminal sends it to the whole foreground group, and what tidies up is not
/// to be ended by a second one.
pub(crate) fn spare(command: &mut Command) {
    #[cfg(unix)]
    {
        use std::os::unix::process::CommandExt as _;
        command.process_group(0);
    }
    #[cfg(not(unix))]
    let _: &mut Command = command;
}

/// Starts a process that is ended when this one is told to end.
pub(crate) fn spawn(command: &mut Command) -> io::Result<(Child, Option<Running>)> {
    if !WATCHED.load(Ordering::SeqCst) {
        return Ok((command.spawn()?, None));
    }
    #[cfg(unix)]
    {
        use std::os::unix::process::CommandExt as _;
        // Of its own, so that a signal reaches the tests that cargo runs as well, and reaches them once.
        command.process_group(0);
    }
    let child = command.spawn()?;
    running().push(child.id());
    if INTERRUPTED.load(Ordering::SeqCst) {
        end(child.id(), false);
    }
    let id = child.id();
    Ok((child, Some(Running(id))))
}

impl Drop for Running {
    fn drop(&mut self) {
        running().retain(|process| *process != self.0);
    }
}

fn running() -> MutexGuard<'static, Vec<u32>> {
    RUNNING.lock().unwrap_or_else(PoisonError::into_inner)
}

#[cfg(unix)]
fn end(process: u32, at_once: bool) {
    use rustix::io::Errno;
    use rustix::process::{Pid, Signal, kill_process_group};

    let signal = if at_once { Signal::KILL } else { Signal::TERM };
    if let Some(group) = i32::try_from(process).ok().and_then(Pid::from_raw)
        && let Err(error) = kill_process_group(group, signal)
        && error != Errno::SRCH
    {
        say(&format!(
            "ssot: process {process} cannot be ended, and is waited for: {error}"
        ));
    }
}

#[cfg(not(unix))]
fn end(_process: u32, _at_once: bool) {
    // The console tells everybody who is attached to it.
}
