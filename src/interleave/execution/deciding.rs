use std::sync::atomic::Ordering;
use std::time::Duration;

use super::Execution;
use crate::interleave::runtime::local::Local;
use crate::interleave::runtime::outside::Deciding;
use crate::interleave::runtime::stepped_runtime::Queue;
use crate::interleave::{Actor, Ending, Quiet, Run, Session, Strategy, View};

impl Session<'_> {
    /// Runs the actors, in the order that the strategy decides, until all have ended or nothing more can happen.
    pub fn run<A: Actor>(&mut self, actors: &mut [A], strategy: &mut dyn Strategy) -> Run {
        let run = self.run_noted(actors, strategy, false);
        self.driver.notes = None;
        run
    }

    /// The same; where steps are noted, those of one who is `alone` are the system's.
    pub(in crate::interleave) fn run_noted<A: Actor>(
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

impl<A: Actor> Execution<'_, A> {
    /// Makes one decision and carries it out. `Some` where the execution has ended.
    fn step(&mut self, strategy: &mut dyn Strategy) -> Option<Ending> {
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
        let is_fair = self.fairness.holds(step);
        if is_fair && self.fair_from.is_none() {
            self.fair_from = Some(step);
        }
        let may_pass = is_fair || is_scripted || strategy.may_pass();
        let waits_for_outside = match scripted {
            Some(decision) => {
                self.wait_for_scripted(decision);
                false
            }
            None => match strategy.patience() {
                Some(patience) => self.wait_for_list(strategy, patience, may_pass),
                None => false,
            },
        };
        let mut fairness = (is_fair && !is_scripted).then(|| self.fairness.clone());
        let view = self.view(may_pass, waits_for_outside);
        let decided = match &mut fairness {
            Some(fairness) => Ok(fairness.decide(&view)),
            None => strategy.decide(&view),
        };
        let decision = match decided {
            Ok(decision) if view.allows(decision) => decision,
            Ok(decision) => return Some(Ending::Diverged(view.misfit(decision))),
            Err(divergence) => return Some(Ending::Diverged(divergence)),
        };
        if let Some(fairness) = fairness {
            self.fairness = fairness;
        }
        match self.driver.notes.clone() {
            None => self.carry_out(decision),
            Some(notes) => self.carry_out_noted(decision, &notes),
        }
    }

    /// Waits for the next of a list, where something outside may wake it, or for the first after it that can be done. True where something
    /// may wake it yet, after tasks.
    fn wait_for_list(&mut self, strategy: &mut dyn Strategy, patience: Duration, may_pass: bool) -> bool {
        if !self.driver.has_peers_outside() && !self.has_outside() {
            return false;
        }
        loop {
            let may_come = match strategy.awaited(self.decisions.len()) {
                Some(goes) => self.wait_for_wanted(goes, patience),
                None => true,
            };
            if !strategy.passes_over(&self.view(may_pass, may_come)) {
                return may_come;
            }
        }
    }

    fn view(&self, may_pass: bool, waits_for_outside: bool) -> View<'_> {
        let is_on_the_way = self.is_on_the_way();
        let may_pass = may_pass && !self.runtimes.first().is_real && self.under_way > 0;
        View {
            runnables: &self.driver.runnables,
            step: self.decisions.len(),
            last: self.last,
            polls: &self.polls,
            drops: if is_on_the_way { 0 } else { self.drops_left },
            clock: self.under_way > 0 && !self.exhausted && self.everybody_waits(),
            pass: may_pass && !is_on_the_way,
            waits_for_outside,
        }
    }

    pub(in crate::interleave) fn look(&mut self) {
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
    pub(in crate::interleave) fn everybody_waits(&self) -> bool {
        !self.can_go_on && self.driver.runnables.runtimes.is_empty()
    }

    /// Whether somebody has begun and not ended.
    pub(in crate::interleave) fn is_under_way(&self) -> bool {
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
}
