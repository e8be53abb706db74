use std::thread;
use std::time::{Duration, Instant};

use super::execution::Execution;
use super::runnables::is_set;
use super::sockets::{LOOKS, Listening, Sockets};
use super::strategy::LONG_WAIT;
use super::{Actor, Runnable};

/// The shortest and the longest pause between two looks: the kernel may need the processor to deliver what is on its way.
const PAUSE: (Duration, Duration) = (Duration::from_micros(20), Duration::from_micros(200));

/// What comes by sockets.
///
/// A schedule does not say when sockets are looked at: that follows from its decisions alone. They are, all of them, after each; what was
/// on its way by then is there, since the kernel hands over within the process what is sent over loopback, but for rare delays.
impl<A: Actor> Execution<'_, A> {
    /// Looks at the sockets, once after every decision.
    pub(super) fn look_at_sockets(&mut self) {
        if self.driver.sockets.is_none() || self.listening.looked_at == Some(self.decisions.len()) {
            return;
        }
        self.listening = Listening {
            looked_at: Some(self.decisions.len()),
            ..Listening::default()
        };
        self.runtimes.look_at_sockets();
    }

    /// Where nobody who has begun can run: looks at the sockets again, until somebody may be able to, or nothing has come for long
    /// enough. Until then the clock does not move.
    pub(super) fn listen(&mut self) {
        let Some(sockets) = self.driver.sockets else {
            return;
        };
        while self.is_under_way() && self.everybody_waits() {
            let since = *self.listening.since.get_or_insert_with(Instant::now);
            if self.listening.looks >= LOOKS && since.elapsed() >= sockets.outside() {
                return;
            }
            if self.listening.looks > 0 {
                pause(since);
            }
            self.listening.looks += 1;
            self.look_again();
        }
    }

    /// Waits for the one whom a schedule names. Where it names a runtime, only trying tells whether a task is there: this is called
    /// again after each attempt.
    pub(super) fn wait_for_named(&mut self, goes: Runnable) {
        let outside = self.driver.sockets.map_or(Duration::ZERO, Sockets::outside);
        self.wait_for_socket(goes, LONG_WAIT.max(outside), false);
    }

    /// Waits for the one who should run, where a peer outside of the process may wake it. How many polls of tasks it takes to read a
    /// reply depends on how it arrives: where tasks may be able to run, they are tried first, and the answer is true.
    pub(super) fn wait_for_peer(&mut self, goes: Runnable, patience: Duration) -> bool {
        let outside = self.driver.sockets.map_or(Duration::ZERO, Sockets::outside);
        !outside.is_zero() && self.wait_for_socket(goes, outside.max(patience), true)
    }

    /// True where it may come yet, after tasks.
    fn wait_for_socket(&mut self, goes: Runnable, patience: Duration, after_tasks: bool) -> bool {
        let may_come = match goes {
            Runnable::Actor(actor) => is_set(&self.driver.runnables.unfinished, actor),
            Runnable::Runtime(runtime) => self
                .runtimes
                .runtime(runtime)
                .is_some_and(|runtime| runtime.tasks() > 0),
        };
        // A clock that is on its way may have to go further before that one can run.
        if !may_come || self.advancing {
            return false;
        }
        let step = self.decisions.len();
        while !self.driver.runnables.contains(goes) {
            if after_tasks && self.may_run_another_task(goes) {
                return true;
            }
            match self.listening.waits {
                Some((at, since)) if at == step => {
                    if since.elapsed() >= patience {
                        return false;
                    }
                    pause(since);
                }
                _ => self.listening.waits = Some((step, Instant::now())),
            }
            self.look_again();
        }
        false
    }

    /// Whether something may come yet although no timer is left either.
    pub(super) fn may_still_hear(&mut self) -> bool {
        let Some(sockets) = self.driver.sockets else {
            return false;
        };
        let patience = sockets.last_resort().max(self.driver.wait_for_outside);
        let since = *self.listening.stuck_since.get_or_insert_with(Instant::now);
        if since.elapsed() >= patience {
            return false;
        }
        pause(since);
        self.look_again();
        true
    }

    pub(super) fn may_run_another_task(&self, than: Runnable) -> bool {
        let mut runtimes = self.driver.runnables.runtimes.iter();
        runtimes.any(|&runtime| Runnable::Runtime(runtime) != than)
    }

    fn look_again(&mut self) {
        self.runtimes.look_at_sockets();
        self.look();
    }
}

/// A pause that gets longer the longer it is waited already.
fn pause(since: Instant) {
    thread::sleep((since.elapsed() / 4).clamp(PAUSE.0, PAUSE.1));
}
