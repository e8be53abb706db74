use std::sync::atomic::Ordering;
use std::task::{Context, Poll};
use std::time::{Duration, Instant};

use super::budget::Carrier;
use super::ending::{Waiting, ending_of_panic, is_real_io};
use super::fairness::Fairness;
use super::notes::{Notebook, Shown};
use super::runnables::is_set;
use super::runtime::clock::Clock;
use super::runtime::local::Local;
use super::runtime::outside::Deciding;
use super::runtime::ready_set::Wakers;
use super::runtime::runtimes::Runtimes;
use super::runtime::stepped_runtime::Queue;
use super::sockets::Listening;
use super::waking::Waking;
use super::{Actor, Decision, Driver, Ending, Panic, Quiet, Run, Runnable, Session, Strategy, View};

/// One execution under way.
pub(super) struct Execution<'e, A> {
    pub(super) driver: &'e mut Driver,
    pub(super) runtimes: &'e mut Runtimes,
    pub(super) clock: &'e mut Clock,
    local: Option<&'e mut Local>,
    /// The number under which the local tasks stand among the runtimes.
    local_number: usize,
    quiet: &'e Quiet,
    actors: &'e mut [A],
    pub(super) wakers: Wakers,
    /// How many have begun and not ended.
    under_way: usize,
    /// Whether one of those was woken when it was looked last.
    can_go_on: bool,
    remaining: usize,
    last: Option<Runnable>,
    /// Runtimes that were left, at the decision of an index, although they may have had a task; whether that was a preemption shows
    /// later.
    left_unknown: Vec<(usize, usize)>,
    /// True from a move of the clock until somebody goes on.
    pub(super) advancing: bool,
    /// The clock has come to the end of its day without any use, and somebody new has to begin.
    pub(super) exhausted: bool,
    /// How far it moves at once; zero where it goes from timer to timer.
    pub(super) stride: Duration,
    drops_left: u32,
    pub(super) decisions: Vec<Decision>,
    preempted: Vec<(usize, Runnable)>,
    polls: Vec<u32>,
    dropped: Vec<bool>,
    finished: Vec<bool>,
    panics: Vec<(usize, Panic)>,
    most_tasks: usize,
    /// How far the clock had come at a decision, for those after a move of it.
    times: Vec<(usize, Duration)>,
    waking: Waking,
    fairness: Fairness,
    fair_from: Option<usize>,
    /// When the limit was reached while something outside may still be at work.
    pub(super) overtime: Option<Instant>,
    pub(super) listening: Listening,
}

impl Session<'_> {
    /// Runs the actors, in the order that the strategy decides, until all have ended or nothing more can happen.
    pub fn run<A: Actor>(&mut self, actors: &mut [A], strategy: &mut dyn Strategy) -> Run {
        let run = self.run_noted(actors, strategy, false);
        self.driver.notes = None;
        run
    }

    /// The same; where steps are noted, those of one who is `alone` are the system's.
    pub(super) fn run_noted<A: Actor>(
        &mut self,
        actors: &mut [A],
        strategy: &mut dyn Strategy,
        alone: bool,
    ) -> Run {
        let notes = self.driver.notes.clone();
        let _noted = notes
            .as_ref()
            .map(|notes| (notes.listen(), Deciding::begin_noted()));
        let quiet = Quiet::begin();
        self.driver.now.store(0, Ordering::Relaxed);
        self.runtimes.end_building();
        let home = self.runtimes.first().handle().clone();
        let _home = home.enter();
        let _local = self.local.as_ref().map(Local::enter);
        let mut execution = Execution::new(self, actors, &quiet);
        if let Some(notes) = &notes {
            notes.begin(execution.polls.len(), alone, &execution.shown());
        }
        let ending = loop {
            if let Some(ending) = execution.step(strategy) {
                break ending;
            }
        };
        let run = execution.into_run(ending);
        strategy.end(&run);
        run
    }
}

impl<'e, A: Actor> Execution<'e, A> {
    pub(super) fn new(session: &'e mut Session<'_>, actors: &'e mut [A], quiet: &'e Quiet) -> Self {
        let n = actors.len();
        session.driver.runnables.begin(n);
        Self {
            wakers: match session.driver.wakers.take() {
                Some(wakers) => wakers.again(n),
                None => Wakers::new(n, &session.driver.outside),
            },
            under_way: 0,
            can_go_on: false,
            remaining: n,
            last: None,
            left_unknown: Vec::new(),
            advancing: false,
            exhausted: false,
            stride: Duration::ZERO,
            drops_left: session.driver.drops,
            decisions: Vec::with_capacity(session.driver.decisions.max(n + 16)),
            preempted: Vec::new(),
            polls: vec![0; n],
            dropped: vec![false; n],
            finished: vec![false; n],
            panics: Vec::new(),
            most_tasks: 0,
            times: Vec::new(),
            waking: Waking::begin(n),
            fairness: Fairness::new(session.driver.fair_after()),
            fair_from: None,
            overtime: None,
            listening: Listening::default(),
            driver: session.driver,
            local_number: session.runtimes.topology.local_runtime(n),
            local: session.local.as_mut(),
            runtimes: &mut session.runtimes,
            clock: &mut session.clock,
            quiet,
            actors,
        }
    }

    pub(super) fn into_run(mut self, ending: Ending) -> Run {
        // Of a runtime it shows later than of those after it.
        self.preempted.sort_unstable_by_key(|&(decision, _)| decision);
        self.driver.wakers = Some(self.wakers);
        // One actor alone, as who builds a system, says little about the many after it.
        self.driver.decisions = self.decisions.len().max(self.driver.decisions / 2);
        Run {
            topology: self.runtimes.topology,
            ending,
            decisions: self.decisions,
            preempted: self.preempted,
            polls: self.polls,
            dropped: self.dropped,
            finished: self.finished,
            panics: self.panics,
            most_tasks: self.most_tasks,
            fair_from: self.fair_from,
            times: self.times,
            wake_ups: self.waking.digest(),
        }
    }

    /// Makes one decision and carries it out. `Some` where the execution has ended.
    pub(super) fn step(&mut self, strategy: &mut dyn Strategy) -> Option<Ending> {
        if self.remaining == 0 {
            return Some(Ending::Done);
        }
        if self.decisions.len() >= self.driver.step_limit && !self.waits_for_outside() {
            return Some(Ending::StepLimit(self.decisions.len()));
        }
        if self.runtimes.first().is_real && !self.wait_in_real_time() {
            return Some(self.deadlock());
        }
        self.look_at_sockets();
        self.look();
        self.listen();
        // Where the last one under way was dropped, real time need not be waited for: another has to begin.
        let has_real_time = self.runtimes.first().is_real || self.driver.sockets.is_some();
        if has_real_time && !self.is_under_way() {
            self.advancing = false;
        }
        if self.advancing && self.everybody_waits() {
            return self.advance();
        }
        let step = self.decisions.len();
        let scripted = strategy.scripted(step);
        let is_scripted = scripted.is_some();
        let waits_for_peer = match scripted {
            Some(decision) => {
                self.wait_for_scripted(decision);
                false
            }
            None => self.wait_for_wanted(strategy.awaited(step)),
        };
        let is_fair = self.fairness.holds(step);
        if is_fair && self.fair_from.is_none() {
            self.fair_from = Some(step);
        }
        let may_pass = (is_fair || is_scripted || strategy.may_pass())
            && !self.runtimes.first().is_real
            && self.under_way > 0;
        let is_on_the_way = self.is_on_the_way();
        let clock = self.under_way > 0 && !self.exhausted && self.everybody_waits();
        let view = View {
            runnables: &self.driver.runnables,
            step,
            last: self.last,
            polls: &self.polls,
            drops: if is_on_the_way { 0 } else { self.drops_left },
            clock,
            pass: may_pass && !is_on_the_way,
            waits_for_peer,
        };
        let decided = if is_fair && !is_scripted {
            Ok(self.fairness.decide(&view))
        } else {
            strategy.decide(&view)
        };
        match decided {
            Ok(decision) if view.allows(decision) => match self.driver.notes.clone() {
                None => self.carry_out(decision),
                Some(notes) => self.carry_out_noted(decision, &notes),
            },
            Ok(decision) => Some(Ending::Diverged(view.misfit(decision))),
            Err(divergence) => Some(Ending::Diverged(divergence)),
        }
    }

    pub(super) fn look(&mut self) {
        let runnables = &mut self.driver.runnables;
        runnables.actor_count = 0;
        self.can_go_on = false;
        let sets = runnables.unfinished.iter().zip(&runnables.begun);
        for (number, (slot, (unfinished, begun))) in runnables.actors.iter_mut().zip(sets).enumerate() {
            let word = self.wakers.wakes.word(number) & unfinished;
            self.waking.look_at_actors(number, word);
            *slot = word;
            runnables.actor_count += word.count_ones() as usize;
            self.can_go_on |= word & begun != 0;
        }
        runnables.runtimes.clear();
        runnables.unknown.clear();
        for (index, runtime) in self.runtimes.all() {
            match runtime.look() {
                Queue::Empty => continue,
                Queue::Unknown => runnables.unknown.push(index),
                Queue::Filled => {}
            }
            runnables.runtimes.push(index);
        }
        if self.local.as_ref().is_some_and(|local| local.is_woken()) {
            runnables.runtimes.push(self.local_number);
        }
        self.waking.look_at_runtimes(&runnables.runtimes);
        if self.is_on_the_way() {
            let runnables = &mut self.driver.runnables;
            runnables.actors.iter_mut().for_each(|word| *word = 0);
            runnables.actor_count = 0;
        }
    }

    /// Whether nobody who has begun, and no task, can run.
    pub(super) fn everybody_waits(&self) -> bool {
        !self.can_go_on && self.driver.runnables.runtimes.is_empty()
    }

    /// Whether somebody has begun and not ended.
    pub(super) fn is_under_way(&self) -> bool {
        self.under_way > 0
    }

    /// Whether the clock is on its way, and not known to have come far enough: which runtimes have a task shows only
    /// when they are tried, and trying them leaves no trace in the schedule. Nothing else may happen meanwhile, for
    /// when it did would not be known either.
    fn is_on_the_way(&self) -> bool {
        let runnables = &self.driver.runnables;
        self.advancing
            && !self.can_go_on
            && !runnables.unknown.is_empty()
            && runnables.runtimes.len() == runnables.unknown.len()
    }

    fn carry_out_noted(&mut self, decision: Decision, notes: &Notebook) -> Option<Ending> {
        let made = self.decisions.len();
        notes.before(decision, &self.shown());
        let ended = self.carry_out(decision);
        notes.after(decision, self.decisions.len() > made, &self.shown());
        ended
    }

    fn shown(&self) -> Shown<'_> {
        Shown {
            has_threads: self.driver.has_heard_threads(),
            runtimes: self.runtimes,
            wakes: &self.wakers.wakes,
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
    pub(super) fn take_panics(&mut self, caught: Option<Panic>) -> Option<Ending> {
        let step = self.decisions.len();
        for panic in self.quiet.take().into_iter().chain(caught) {
            if is_real_io(&panic) {
                return Some(Ending::RealIo(panic.to_string()));
            }
            self.panics.push((step, panic));
        }
        None
    }

    fn tasks(&self) -> usize {
        let local = self.local.as_ref().is_some_and(|local| local.is_alive);
        self.runtimes.tasks() + usize::from(local)
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

    pub(super) fn deadlock(&self) -> Ending {
        let tasks = self.tasks();
        let waiting = (0..self.actors.len())
            .filter(|&actor| is_set(&self.driver.runnables.unfinished, actor))
            .map(|actor| Waiting {
                actor,
                polls: self.polls[actor],
                wakers: self.wakers.held_elsewhere(actor),
                tasks,
            })
            .collect();
        Ending::Deadlock(waiting)
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
