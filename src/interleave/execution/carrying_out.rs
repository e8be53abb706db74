use std::sync::atomic::Ordering;
use std::task::{Context, Poll};
use std::time::Duration;

use super::Execution;
use crate::interleave::budget::Carrier;
use crate::interleave::ending::{ending_of_panic, is_real_io};
use crate::interleave::notes::Notebook;
use crate::interleave::runtime::stepped_runtime::Queue;
use crate::interleave::{Actor, Decision, Ending, Panic, Runnable};

impl<A: Actor> Execution<'_, A> {
    pub(super) fn carry_out_noted(&mut self, decision: Decision, notes: &Notebook) -> Option<Ending> {
        let made = self.decisions.len();
        notes.before(decision, &self.shown());
        let ended = self.carry_out(decision);
        notes.after(decision, self.decisions.len() > made, &self.shown());
        ended
    }

    pub(super) fn carry_out(&mut self, decision: Decision) -> Option<Ending> {
        let step = self.decisions.len();
        self.driver
            .now
            .store(u32::try_from(step + 1).unwrap_or(u32::MAX), Ordering::Relaxed);
        if let Some(progress) = &self.driver.progress {
            progress.decided(step, decision);
        }
        match decision {
            Decision::Run { actor } => {
                self.effective(decision);
                self.poll(actor, None)
            }
            Decision::RunWithin { actor, budget } => {
                self.effective(decision);
                self.poll(actor, Some(budget))
            }
            Decision::Step { runtime } => self.step_runtime(runtime),
            Decision::Advance { late } => {
                self.decisions.push(decision);
                self.waking.time_passes();
                self.advancing = true;
                // Nobody had anything to do.
                self.left_unknown.clear();
                self.stride = Duration::from_millis(u64::from(late));
                self.advance()
            }
            Decision::Pass { millis } => {
                self.decisions.push(decision);
                self.waking.time_passes();
                let ended = self.pass(Duration::from_millis(u64::from(millis)));
                let now = self.runtimes.first().now();
                self.times.push((self.decisions.len(), now));
                ended
            }
            Decision::Drop { actor } => {
                self.decisions.push(decision);
                self.waking.runs(Runnable::Actor(actor));
                self.drop_call(actor)
            }
        }
    }

    /// Records a decision by which somebody goes on.
    fn effective(&mut self, decision: Decision) {
        let goes = Runnable::of(decision);
        // Who goes in turn preempts nobody.
        if self.last != goes
            && !self.fairness.holds(self.decisions.len())
            && let Some(last) = self.last
            && self.driver.runnables.contains(last)
        {
            let unknown = &self.driver.runnables.unknown;
            match last {
                Runnable::Runtime(runtime) if unknown.contains(&runtime) => {
                    self.left_unknown.push((self.decisions.len(), runtime));
                }
                _ => self.note_preemption(self.decisions.len(), last),
            }
        }
        if self.advancing {
            let now = self.runtimes.first().now();
            self.times.push((self.decisions.len(), now));
        }
        self.decisions.push(decision);
        self.last = goes;
        self.advancing = false;
        self.exhausted = false;
        self.clock.restart();
    }

    fn note_preemption(&mut self, decision: usize, of: Runnable) {
        self.preempted.push((decision, of));
        if let Some(progress) = &self.driver.progress {
            progress.preempted(decision, of);
        }
    }

    fn poll(&mut self, actor: usize, budget: Option<u8>) -> Option<Ending> {
        let index = self.runtimes.for_actor(actor);
        let handle = self.runtimes.slots[index].as_ref()?.handle();
        self.wakers.wakes.clear(actor);
        self.waking.runs(Runnable::Actor(actor));
        if self.polls[actor] == 0 {
            self.driver.runnables.begun[actor / 64] |= 1 << (actor % 64);
            self.under_way += 1;
        }
        self.polls[actor] += 1;
        let polled = &mut self.actors[actor];
        let mut cx = Context::from_waker(self.wakers.of(actor));
        if let Some(progress) = &self.driver.progress {
            progress.polling(true);
        }
        let poll = match budget {
            None => self.quiet.catch(|| {
                let _guard = (index != 0).then(|| handle.enter());
                polled.poll(&mut cx)
            }),
            Some(budget) => {
                let carrier = self.driver.carrier.get_or_insert_with(Carrier::new);
                self.quiet
                    .catch(|| carrier.poll_within(handle, budget, || polled.poll(&mut cx)))
            }
        };
        if let Some(progress) = &self.driver.progress {
            progress.polling(false);
        }
        self.most_tasks = self.most_tasks.max(self.tasks());
        match poll {
            Ok(Poll::Pending) => None,
            Ok(Poll::Ready(())) => {
                self.finished[actor] = true;
                self.leave(actor);
                None
            }
            Err(panic) => Some(ending_of_panic(actor, panic)),
        }
    }

    fn step_local(&mut self) -> Option<Ending> {
        self.waking.runs(Runnable::Runtime(self.local_number));
        self.effective(Decision::Step {
            runtime: self.local_number,
        });
        if let Some(progress) = &self.driver.progress {
            progress.polling(true);
        }
        // The timers of local tasks stand under the first runtime.
        if let Some(first) = self.runtimes.runtime(0) {
            first.waits_since = None;
        }
        let local = self.local.as_mut()?;
        let caught = self.quiet.catch(|| local.step());
        if let Some(progress) = &self.driver.progress {
            progress.polling(false);
        }
        self.most_tasks = self.most_tasks.max(self.tasks());
        self.take_panics(caught.err())
    }

    /// Notes the panics of spawned tasks. `Some` where one of them ends the execution.
    pub(in crate::interleave) fn take_panics(&mut self, caught: Option<Panic>) -> Option<Ending> {
        let step = self.decisions.len();
        for panic in self.quiet.take().into_iter().chain(caught) {
            if is_real_io(&panic) {
                return Some(Ending::RealIo(panic.to_string()));
            }
            self.panics.push((step, panic));
        }
        None
    }

    fn step_runtime(&mut self, runtime: usize) -> Option<Ending> {
        if self.local.is_some() && runtime == self.local_number {
            return self.step_local();
        }
        if let Some(progress) = &self.driver.progress {
            progress.polling(true);
        }
        let stepped = self.runtimes.runtime(runtime)?;
        let was_unknown = stepped.queue == Queue::Unknown;
        let ran = stepped.step();
        if let Some(progress) = &self.driver.progress {
            progress.polling(false);
        }
        let left: Vec<_> = self
            .left_unknown
            .extract_if(.., |&mut (_, left)| left == runtime)
            .collect();
        if !ran {
            return None;
        }
        // What it ran may have come since it was left, where it is known to have got something.
        if was_unknown {
            for (decision, runtime) in left {
                self.note_preemption(decision, Runnable::Runtime(runtime));
            }
        }
        self.waking.runs(Runnable::Runtime(runtime));
        self.effective(Decision::Step { runtime });
        self.most_tasks = self.most_tasks.max(self.tasks());
        self.take_panics(None)
    }

    fn drop_call(&mut self, actor: usize) -> Option<Ending> {
        self.drops_left = self.drops_left.saturating_sub(1);
        self.dropped[actor] = true;
        let before = self.runtimes.current(actor);
        let index = self.runtimes.for_actor(actor);
        let handle = self.runtimes.slots[index].as_ref()?.handle().clone();
        let dropped = &mut self.actors[actor];
        let gone = self.quiet.catch(|| {
            let _guard = (index != 0).then(|| handle.enter());
            dropped.drop_call()
        });
        self.runtimes.take_back(actor, before);
        match gone {
            Ok(true) => {
                self.leave(actor);
                None
            }
            Ok(false) => {
                self.wakers.wakes.set(actor);
                None
            }
            Err(panic) => Some(ending_of_panic(actor, panic)),
        }
    }

    /// Takes an actor out of the execution.
    fn leave(&mut self, actor: usize) {
        self.driver.runnables.unfinished[actor / 64] &= !(1 << (actor % 64));
        self.remaining -= 1;
        // Only who has begun can end.
        self.under_way -= 1;
    }
}
