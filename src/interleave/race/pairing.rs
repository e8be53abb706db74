use std::sync::Arc;
use std::sync::atomic::Ordering;
use std::sync::mpsc::{Receiver, Sender};
use std::task::Poll;
use std::time::Duration;

use super::runner::{Answer, Order, StartBarrier};
use crate::interleave::ending::{Waiting, ending_of_panic, held_up};
use crate::interleave::runnables::{bits, is_set};
use crate::interleave::runtime::clock::Moved;
use crate::interleave::runtime::ready_set::ReadySet;
use crate::interleave::runtime::stepped_runtime::Queue;
use crate::interleave::sockets::LOOKS;
use crate::interleave::{Decision, Ending, Quiet, Run, Session};
use crate::rng::Rng;

/// Decides which two actors go at once, and moves the tasks and the clock between the pairs.
pub(super) struct Pairing<'p, 'd> {
    pub(super) session: &'p mut Session<'d>,
    pub(super) quiet: &'p Quiet,
    pub(super) wakes: &'p ReadySet,
    pub(super) orders: &'p [Sender<Order>],
    pub(super) answers: &'p Receiver<Answer>,
    pub(super) rng: Rng,
    pub(super) unfinished: Vec<u64>,
    pub(super) advancing: bool,
    /// So often sockets are looked at before the clock moves.
    pub(super) looks_left: u32,
    pub(super) run: Run,
}

impl Pairing<'_, '_> {
    pub(super) fn step(&mut self) -> Option<Ending> {
        if self.unfinished.iter().all(|&word| word == 0) {
            return Some(Ending::Done);
        }
        if self.run.decisions.len() >= self.session.driver.step_limit {
            return Some(Ending::StepLimit(self.run.decisions.len()));
        }
        let now = u32::try_from(self.run.decisions.len() + 1).unwrap_or(u32::MAX);
        self.session.driver.now.store(now, Ordering::Relaxed);
        let woken: Vec<usize> = (0..self.run.polls.len())
            .filter(|&actor| {
                is_set(&self.unfinished, actor) && self.wakes.word(actor / 64) >> (actor % 64) & 1 == 1
            })
            .collect();
        let has_tasks = self
            .session
            .runtimes
            .all()
            .any(|(_, runtime)| runtime.look() != Queue::Empty);
        if has_tasks && (woken.is_empty() || self.rng.one_in(3)) {
            return self.step_runtime();
        }
        let begun = |actor: &usize| self.run.polls[*actor] > 0;
        let somebody_waits = bits(&self.unfinished).any(|actor| begun(&actor) && !woken.contains(&actor));
        // Who has not begun does not hold the clock.
        if somebody_waits && !woken.iter().any(begun) && self.rng.one_in(2) {
            return self.advance();
        }
        match woken[..] {
            [] => self.advance(),
            [only] => self.poll(&[only]),
            _ => {
                let first = self.rng.below(woken.len());
                let second = (first + 1 + self.rng.below(woken.len() - 1)) % woken.len();
                self.poll(&[woken[first], woken[second]])
            }
        }
    }

    fn poll(&mut self, actors: &[usize]) -> Option<Ending> {
        self.advancing = false;
        self.session.clock.restart();
        let gate = (actors.len() > 1).then(Arc::<StartBarrier>::default);
        if let Some(progress) = &self.session.driver.progress {
            progress.polling(true);
        }
        for &actor in actors {
            self.wakes.clear(actor);
            self.run.polls[actor] += 1;
            self.push(Decision::Run { actor });
            // Half of the pairs start as close together as they can.
            let head_start = if self.rng.one_in(2) {
                0
            } else {
                self.rng.below(400)
            };
            let order = Order {
                gate: gate.clone(),
                head_start,
            };
            self.orders[actor]
                .send(order)
                .expect("a runner listens until the orders end");
        }
        let mut ending = None;
        for _ in actors {
            let answer = self.answers.recv().expect("the runners hold the other end");
            match answer.poll {
                Ok(Poll::Pending) => {}
                Ok(Poll::Ready(())) => {
                    self.run.finished[answer.actor] = true;
                    self.unfinished[answer.actor / 64] &= !(1 << (answer.actor % 64));
                }
                Err(panic) => ending = Some(ending_of_panic(answer.actor, panic)),
            }
        }
        if let Some(progress) = &self.session.driver.progress {
            progress.polling(false);
        }
        self.run.most_tasks = self.run.most_tasks.max(self.session.runtimes.tasks());
        ending
    }

    fn step_runtime(&mut self) -> Option<Ending> {
        let stepped = self
            .session
            .runtimes
            .all()
            .find_map(|(index, runtime)| runtime.step().then_some(index));
        if let Some(runtime) = stepped {
            self.advancing = false;
            self.session.clock.restart();
            self.push(Decision::Step { runtime });
            let step = self.run.decisions.len();
            self.run
                .panics
                .extend(self.quiet.take().into_iter().map(|panic| (step, panic)));
        }
        None
    }

    fn advance(&mut self) -> Option<Ending> {
        if self.session.driver.sockets.is_some() && self.looks_left > 0 {
            self.looks_left -= 1;
            self.session.runtimes.look_at_sockets();
            return None;
        }
        if !self.advancing {
            self.advancing = true;
            self.push(Decision::Advance { late: 0 });
        }
        let mut waiting = vec![0; self.unfinished.len()];
        for actor in bits(&self.unfinished).filter(|&actor| self.run.polls[actor] > 0) {
            waiting[actor / 64] |= 1 << (actor % 64);
        }
        let session = &mut *self.session;
        match session
            .clock
            .advance(&mut session.runtimes, self.wakes, &waiting, Duration::ZERO)
        {
            Moved::On => return None,
            Moved::HeldUp => return Some(held_up(session.driver.patience)),
            Moved::DayOver => {}
        }
        if self.wakes.any(&self.unfinished) {
            self.session.clock.restart();
            return None;
        }
        let tasks = self.session.runtimes.tasks();
        let waiting = bits(&self.unfinished).map(|actor| Waiting {
            actor,
            polls: self.run.polls[actor],
            // A runner's waker counts once; how many clones there are is not known here.
            wakers: 1,
            tasks,
        });
        Some(Ending::Deadlock(waiting.collect()))
    }

    fn push(&mut self, decision: Decision) {
        if let Some(progress) = &self.session.driver.progress {
            progress.decided(self.run.decisions.len(), decision);
        }
        self.run.decisions.push(decision);
        self.looks_left = LOOKS;
    }
}
