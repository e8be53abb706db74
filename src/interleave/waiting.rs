use std::thread;
use std::time::{Duration, Instant};

use super::ending::held_up;
use super::execution::Execution;
use super::runnables::is_set;
use super::runtime::clock::Moved;
use super::runtime::real;
use super::strategy::{LONG_WAIT, SHORT_WAIT};
use super::{Actor, Decision, Ending, Runnable};

/// How often to look for a wake-up from outside.
const GLANCE: Duration = Duration::from_micros(20);

/// How long to sleep at a decision past the limit, and at the most where the clock passes runnables while threads are at work.
const PAUSE: Duration = Duration::from_micros(200);
const LONGEST_PAUSE: Duration = Duration::from_millis(5);

/// Time, and what comes from outside of the schedule.
impl<A: Actor> Execution<'_, A> {
    /// Waits for the one whom a schedule names.
    pub(super) fn wait_for_scripted(&mut self, decision: Decision) {
        if self.driver.sockets.is_some()
            && let Some(goes) = Runnable::of(decision)
        {
            self.wait_for_named(goes);
        }
        if let Some(goes) = Runnable::of(decision) {
            self.wait_for(goes, LONG_WAIT, false);
        }
    }

    /// Waits for the one who should run. True where something outside may wake it after tasks that can run have.
    pub(super) fn wait_for_wanted(&mut self, goes: Runnable, patience: Duration) -> bool {
        // What several polls of a task took may be taken by one: then nothing is left for the others. And where one user did not come, the
        // list may not fit any more.
        let is_user = matches!(goes, Runnable::Actor(_));
        let patience = if is_user && self.waits_in_vain == 0 {
            patience
        } else {
            patience.min(SHORT_WAIT)
        };
        let begun = Instant::now();
        let may_come = self.wait_for_peer(goes, patience) || self.wait_for(goes, patience, true);
        let is_there = self.driver.runnables.contains(goes);
        self.waits_in_vain += u32::from(is_user && !is_there && !may_come && begun.elapsed() >= patience);
        may_come
    }

    /// Waits, in real time, for the one whom a schedule names, where something outside may have to wake it first. Where tasks are tried
    /// first and may be able to run, the answer is true.
    fn wait_for(&mut self, goes: Runnable, patience: Duration, after_tasks: bool) -> bool {
        let may_come = match goes {
            Runnable::Actor(actor) => is_set(&self.driver.runnables.unfinished, actor),
            Runnable::Runtime(_) => true,
        };
        if !may_come || self.driver.runnables.contains(goes) || !self.has_outside() {
            return false;
        }
        let patience = Instant::now() + self.driver.patience.min(patience);
        while !self.driver.runnables.contains(goes) {
            if after_tasks && self.may_run_another_task(goes) {
                return true;
            }
            if Instant::now() >= patience {
                return false;
            }
            thread::sleep(PAUSE);
            self.look();
        }
        false
    }

    pub(super) fn advance(&mut self) -> Option<Ending> {
        let grace = self.driver.take_grace();
        if self.is_woken_within(grace) {
            return None;
        }
        let runnables = &self.driver.runnables;
        let waiting: Vec<u64> = runnables
            .unfinished
            .iter()
            .zip(&runnables.begun)
            .map(|(unfinished, begun)| unfinished & begun)
            .collect();
        if self.runtimes.first().is_real {
            if real::wait(
                self.runtimes.first(),
                &self.wakers.wakes,
                &waiting,
                self.driver.patience,
            ) {
                return None;
            }
        } else {
            match self
                .clock
                .advance(self.runtimes, &self.wakers.wakes, &waiting, self.stride)
            {
                Moved::On => return None,
                Moved::HeldUp => return Some(held_up(self.driver.patience)),
                Moved::DayOver if self.may_still_hear() => return None,
                Moved::DayOver => {}
            }
        }
        if self.is_woken_within(self.driver.wait_for_outside) {
            return None;
        }
        if self.wakers.wakes.any(&self.driver.runnables.unfinished) {
            self.advancing = false;
            self.exhausted = true;
            return None;
        }
        Some(self.deadlock())
    }

    /// Moves the clocks on although somebody can run. Where threads are at work, as much real time goes by.
    pub(super) fn pass(&mut self, distance: Duration) -> Option<Ending> {
        if self.has_outside() {
            thread::sleep(distance.min(LONGEST_PAUSE));
        }
        if let Some(progress) = &self.driver.progress {
            progress.polling(true);
        }
        self.clock.pass(self.runtimes, distance);
        if let Some(progress) = &self.driver.progress {
            progress.polling(false);
        }
        self.advancing = false;
        self.exhausted = false;
        self.take_panics(None)
    }

    /// Whether something that no schedule moves may wake somebody: threads of code under test, or sockets.
    pub(super) fn has_outside(&mut self) -> bool {
        self.runtimes.first().is_real
            || !self.driver.grace.is_zero()
            || self.runtimes.all().any(|(_, runtime)| runtime.blocks())
    }

    /// Whether an execution at its limit has to go on a while, for something outside may be what everybody waits for.
    pub(super) fn waits_for_outside(&mut self) -> bool {
        if !self.has_outside() {
            return false;
        }
        let patience = self.driver.patience;
        let begun = *self.overtime.get_or_insert_with(Instant::now);
        thread::sleep(PAUSE);
        begun.elapsed() < patience
    }

    /// Whether something outside wakes somebody who has begun within this real time.
    fn is_woken_within(&mut self, patience: Duration) -> bool {
        if patience.is_zero() {
            return false;
        }
        let end = Instant::now() + patience;
        loop {
            self.look();
            if !self.everybody_waits() {
                return true;
            }
            if Instant::now() >= end {
                return false;
            }
            thread::sleep(GLANCE);
        }
    }

    pub(super) fn wait_in_real_time(&mut self) -> bool {
        let patience = self.driver.patience;
        real::wait(
            self.runtimes.first(),
            &self.wakers.wakes,
            &self.driver.runnables.unfinished,
            patience,
        )
    }
}
