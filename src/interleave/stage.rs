use std::fmt;
use std::sync::Arc;
use std::sync::atomic::Ordering;
use std::task::{Context, Poll, Waker};
use std::time::{Duration, Instant};

use super::budget::Carrier;
use super::candidates::is_set;
use super::clock::Clock;
use super::ending::Waiting;
use super::real;
use super::runtimes::{Queue, Runtimes};
use super::strategies::Serial;
use super::wakes::{ActorWaker, Wakes, full_word};
use super::{Actor, Candidate, Decision, Driver, Ending, FutureActor, Panic, Quiet, Run, Strategy, View};

/// What one execution has for itself: its runtimes and its clock. What is built, run and dropped in an execution is
/// built, run and dropped on its stage.
pub struct Stage<'d> {
    pub(super) driver: &'d mut Driver,
    pub(super) runtimes: Runtimes,
    pub(super) clock: Clock,
}

impl<'d> Stage<'d> {
    pub(crate) fn new(driver: &'d mut Driver, runtimes: Runtimes) -> Self {
        Self {
            driver,
            runtimes,
            clock: Clock::default(),
        }
    }

    /// Runs one future to its end with nobody beside it, as to build the system under test. The tasks that it leaves
    /// behind stay on the stage.
    ///
    /// # Errors
    ///
    /// How it ended, where that was not by finishing.
    pub fn alone<F: Future>(&mut self, future: F) -> Result<F::Output, Ending> {
        let mut output = None;
        let actor = FutureActor::new(async { output = Some(future.await) });
        let mut actors = [actor];
        let run = self.run(&mut actors, &mut Serial);
        self.within(|| drop(actors))
            .map_err(|panic| Ending::Panicked { actor: 0, panic })?;
        output.ok_or(run.ending)
    }

    /// Runs the actors, in the order that the strategy decides, until all have ended or nothing more can happen.
    pub fn run<A: Actor>(&mut self, actors: &mut [A], strategy: &mut dyn Strategy) -> Run {
        let quiet = Quiet::begin();
        self.driver.now.store(0, Ordering::Relaxed);
        let home = self.runtimes.first().handle().clone();
        let _home = home.enter();
        let mut execution = Execution::new(self, actors, &quiet);
        let ending = loop {
            if let Some(ending) = execution.step(strategy) {
                break ending;
            }
        };
        let run = execution.into_run(ending);
        strategy.end(&run);
        run
    }

    /// Runs `f` inside the system's runtime, as to drop what was built there.
    ///
    /// # Errors
    ///
    /// The panic, where `f` panicked.
    pub fn within<R>(&self, f: impl FnOnce() -> R) -> Result<R, Panic> {
        let quiet = Quiet::begin();
        let _guard = self.runtimes.first().runtime().enter();
        quiet.catch(f)
    }

    /// Lets spawned tasks go on until none can without the clock, and returns their panics. At most as many polls as
    /// the driver's step limit.
    pub fn drain(&mut self) -> Vec<Panic> {
        let quiet = Quiet::begin();
        let mut left = self.driver.step_limit;
        if self.runtimes.first().is_real {
            while left > 0 && self.tasks() > 0 {
                left = left.saturating_sub(100);
                real::turn(self.runtimes.first());
            }
            return quiet.take();
        }
        loop {
            let mut ran = false;
            for (_, cell) in self.runtimes.all() {
                while left > 0 && cell.look() != Queue::Empty && cell.step() {
                    ran = true;
                    left -= 1;
                }
            }
            if !ran {
                return quiet.take();
            }
        }
    }

    /// Lets spawned tasks go on with the clock too, until none is left, for at most this long in virtual time and this
    /// many moves of the clock. Returns their panics.
    pub fn settle(&mut self, within: Duration, most: usize) -> Vec<Panic> {
        let mut panics = self.drain();
        if self.tasks() == 0 || self.runtimes.first().is_real {
            return panics;
        }
        let nobody = Wakes::new(0);
        let end = self.runtimes.first().now() + within;
        for _ in 0..most {
            if self.tasks() == 0 || self.runtimes.first().now() >= end {
                break;
            }
            self.clock.advance(&mut self.runtimes, &nobody, &[]);
            panics.extend(self.drain());
        }
        self.clock.restart();
        panics
    }

    /// How many spawned tasks are alive.
    #[must_use]
    pub fn tasks(&self) -> usize {
        self.runtimes.tasks()
    }
}

impl Drop for Stage<'_> {
    fn drop(&mut self) {
        let quiet = Quiet::begin();
        for (index, cell) in self.runtimes.cells.drain(..).enumerate() {
            let Some(mut cell) = cell else { continue };
            if index == 0 && cell.look() == Queue::Empty && cell.is_fresh() {
                self.driver.spare = Some(cell);
                continue;
            }
            // A task's destructor that panics here has had every chance to be seen before; tokio catches it.
            drop(quiet.catch(|| cell.shut_down()));
        }
    }
}

impl fmt::Debug for Stage<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Stage")
            .field("layout", &self.runtimes.layout)
            .field("tasks", &self.tasks())
            .finish_non_exhaustive()
    }
}

/// One execution under way.
struct Execution<'e, A> {
    driver: &'e mut Driver,
    runtimes: &'e mut Runtimes,
    clock: &'e mut Clock,
    quiet: &'e Quiet,
    actors: &'e mut [A],
    wakes: Arc<Wakes>,
    handles: Vec<Arc<ActorWaker>>,
    wakers: Vec<Waker>,
    unfinished: Vec<u64>,
    remaining: usize,
    last: Option<Candidate>,
    /// Runtimes that were left although they may have had a task; whether that was a preemption shows later.
    left_unknown: Vec<usize>,
    /// True from a move of the clock until somebody goes on.
    advancing: bool,
    drops_left: u32,
    decisions: Vec<Decision>,
    preemptions: u32,
    polls: Vec<u32>,
    dropped: Vec<bool>,
    finished: Vec<bool>,
    panics: Vec<(usize, Panic)>,
    most_tasks: usize,
}

impl<'e, A: Actor> Execution<'e, A> {
    fn new(stage: &'e mut Stage<'_>, actors: &'e mut [A], quiet: &'e Quiet) -> Self {
        let n = actors.len();
        let wakes = Wakes::new(n);
        let handles = wakes.wakers(n);
        Self {
            wakers: handles
                .iter()
                .map(|handle| Waker::from(Arc::clone(handle)))
                .collect(),
            handles,
            wakes,
            unfinished: (0..n.div_ceil(64)).map(|word| full_word(n, word)).collect(),
            remaining: n,
            last: None,
            left_unknown: Vec::new(),
            advancing: false,
            drops_left: stage.driver.drops,
            decisions: Vec::with_capacity(8 * n),
            preemptions: 0,
            polls: vec![0; n],
            dropped: vec![false; n],
            finished: vec![false; n],
            panics: Vec::new(),
            most_tasks: 0,
            driver: stage.driver,
            runtimes: &mut stage.runtimes,
            clock: &mut stage.clock,
            quiet,
            actors,
        }
    }

    fn into_run(self, ending: Ending) -> Run {
        Run {
            layout: self.runtimes.layout,
            ending,
            decisions: self.decisions,
            preemptions: self.preemptions,
            polls: self.polls,
            dropped: self.dropped,
            finished: self.finished,
            panics: self.panics,
            most_tasks: self.most_tasks,
        }
    }

    /// Makes one decision and carries it out. `Some` where the execution has ended.
    fn step(&mut self, strategy: &mut dyn Strategy) -> Option<Ending> {
        if self.remaining == 0 {
            return Some(Ending::Done);
        }
        if self.decisions.len() >= self.driver.step_limit {
            return Some(Ending::StepLimit(self.decisions.len()));
        }
        if self.runtimes.first().is_real && !self.wait_in_real_time() {
            return Some(self.deadlock());
        }
        self.look();
        let nobody = self.driver.candidates.actor_count == 0 && self.driver.candidates.runtimes.is_empty();
        if nobody && self.advancing {
            return self.advance();
        }
        let view = self.view();
        match strategy.decide(&view) {
            Ok(decision) if view.allows(decision) => self.carry_out(decision),
            Ok(decision) => Some(Ending::Diverged(view.misfit(decision))),
            Err(divergence) => Some(Ending::Diverged(divergence)),
        }
    }

    fn look(&mut self) {
        let candidates = &mut self.driver.candidates;
        candidates.actors.clear();
        candidates.actor_count = 0;
        for (number, unfinished) in self.unfinished.iter().enumerate() {
            let word = self.wakes.word(number) & unfinished;
            candidates.actors.push(word);
            candidates.actor_count += word.count_ones() as usize;
        }
        candidates.runtimes.clear();
        candidates.unknown.clear();
        for (index, cell) in self.runtimes.all() {
            match cell.look() {
                Queue::Empty => continue,
                Queue::Unknown => candidates.unknown.push(index),
                Queue::Filled => {}
            }
            candidates.runtimes.push(index);
        }
    }

    fn view(&self) -> View<'_> {
        View {
            candidates: &self.driver.candidates,
            step: self.decisions.len(),
            last: self.last,
            polls: &self.polls,
            unfinished: &self.unfinished,
            drops: self.drops_left,
        }
    }

    fn carry_out(&mut self, decision: Decision) -> Option<Ending> {
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
                self.advancing = true;
                let ending = self.advance();
                if ending.is_none() && late > 0 {
                    Clock::late(self.runtimes, Duration::from_millis(u64::from(late)));
                }
                ending
            }
            Decision::Drop { actor } => {
                self.decisions.push(decision);
                self.drop_call(actor)
            }
        }
    }

    /// Records a decision by which somebody goes on.
    fn effective(&mut self, decision: Decision) {
        let goes = Candidate::of(decision);
        let unknown = &self.driver.candidates.unknown;
        match self.view().last() {
            Some(last) if Some(last) != goes => match last {
                Candidate::Runtime(runtime) if unknown.contains(&runtime) => self.left_unknown.push(runtime),
                _ => {
                    self.preemptions += 1;
                    if let Some(progress) = &self.driver.progress {
                        progress.preempted(self.preemptions);
                    }
                }
            },
            _ => {}
        }
        self.decisions.push(decision);
        self.last = goes;
        self.advancing = false;
        self.clock.restart();
    }

    fn poll(&mut self, actor: usize, budget: Option<u8>) -> Option<Ending> {
        let index = self.runtimes.for_actor(actor);
        let handle = self.runtimes.cells[index].as_ref()?.handle().clone();
        self.wakes.clear(actor);
        self.polls[actor] += 1;
        let polled = &mut self.actors[actor];
        let mut cx = Context::from_waker(&self.wakers[actor]);
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
                    .catch(|| carrier.poll_within(&handle, budget, || polled.poll(&mut cx)))
            }
        };
        if let Some(progress) = &self.driver.progress {
            progress.polling(false);
        }
        self.most_tasks = self.most_tasks.max(self.runtimes.tasks());
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

    fn step_runtime(&mut self, runtime: usize) -> Option<Ending> {
        if let Some(progress) = &self.driver.progress {
            progress.polling(true);
        }
        let ran = self.runtimes.cell(runtime)?.step();
        if let Some(progress) = &self.driver.progress {
            progress.polling(false);
        }
        let left = self.left_unknown.iter().filter(|&&left| left == runtime).count();
        self.left_unknown.retain(|&left| left != runtime);
        if !ran {
            return None;
        }
        self.preemptions += u32::try_from(left).unwrap_or(u32::MAX);
        self.effective(Decision::Step { runtime });
        self.most_tasks = self.most_tasks.max(self.runtimes.tasks());
        let step = self.decisions.len();
        for panic in self.quiet.take() {
            if is_real_io(&panic) {
                return Some(Ending::RealIo(panic.to_string()));
            }
            self.panics.push((step, panic));
        }
        None
    }

    fn advance(&mut self) -> Option<Ending> {
        if self.clock.advance(self.runtimes, &self.wakes, &self.unfinished) {
            return None;
        }
        let patience = Instant::now() + self.driver.wait_for_outside;
        while Instant::now() < patience {
            self.look();
            if self.driver.candidates.actor_count > 0 || !self.driver.candidates.runtimes.is_empty() {
                return None;
            }
            std::thread::yield_now();
        }
        Some(self.deadlock())
    }

    fn wait_in_real_time(&mut self) -> bool {
        let patience = self.driver.patience;
        real::wait(self.runtimes.first(), &self.wakes, &self.unfinished, patience)
    }

    fn deadlock(&self) -> Ending {
        let tasks = self.runtimes.tasks();
        let waiting = (0..self.actors.len())
            .filter(|&actor| is_set(&self.unfinished, actor))
            .map(|actor| Waiting {
                actor,
                polls: self.polls[actor],
                // One clone is in `wakers`, one in `handles`.
                wakers: Arc::strong_count(&self.handles[actor]).saturating_sub(2),
                tasks,
            })
            .collect();
        Ending::Deadlock(waiting)
    }

    fn drop_call(&mut self, actor: usize) -> Option<Ending> {
        self.drops_left = self.drops_left.saturating_sub(1);
        self.dropped[actor] = true;
        let index = self.runtimes.for_actor(actor);
        let handle = self.runtimes.cells[index].as_ref()?.handle().clone();
        let dropped = &mut self.actors[actor];
        let gone = self.quiet.catch(|| {
            let _guard = (index != 0).then(|| handle.enter());
            dropped.drop_call()
        });
        match gone {
            Ok(true) => {
                self.leave(actor);
                None
            }
            Ok(false) => {
                self.wakes.set(actor);
                None
            }
            Err(panic) => Some(ending_of_panic(actor, panic)),
        }
    }

    /// Takes an actor out of the execution.
    fn leave(&mut self, actor: usize) {
        self.unfinished[actor / 64] &= !(1 << (actor % 64));
        self.remaining -= 1;
    }
}

pub(super) fn ending_of_panic(actor: usize, panic: Panic) -> Ending {
    if is_real_io(&panic) {
        Ending::RealIo(panic.to_string())
    } else {
        Ending::Panicked { actor, panic }
    }
}

/// Tokio's own words where a socket is opened on a runtime that has no I/O driver.
fn is_real_io(panic: &Panic) -> bool {
    panic.message().contains("IO is disabled")
}
