use super::tasks::Tasks;
use super::watched::{Injected, Watched};
use super::{Origin, StepNote, StepNotes, WokenBy};
use crate::interleave::runnables::bits;
use crate::interleave::runtime::stepped_runtime::Reading;
use crate::interleave::runtime::witness::Seen;
use crate::interleave::{Decision, Place, RuntimeTopology};

/// What shows of an execution from outside, before and after a decision.
#[derive(Debug)]
pub(super) struct Look {
    /// Of each runtime, by its number.
    pub(super) runtimes: Vec<Option<Reading>>,
    /// Who was woken and has not been polled since, a bit each.
    pub(super) awake: Vec<u64>,
    /// Whether threads of the system's own may spawn tasks and wake somebody at any time.
    pub(super) has_threads: bool,
}

/// Follows an execution from decision to decision, and takes down what is certain.
#[derive(Debug)]
pub(super) struct Taking {
    topology: RuntimeTopology,
    has_sockets: bool,
    /// The system is being built, or asked about itself.
    alone: bool,
    tasks: Tasks,
    runtimes: Vec<Watched>,
    awake: Vec<u64>,
    woken: Vec<Option<WokenBy>>,
    /// The spans that an actor entered in its last poll.
    entered: Vec<Vec<u64>>,
    time_passed: bool,
    steps: Vec<StepNote>,
}

impl Taking {
    pub(super) fn new(has_sockets: bool) -> Self {
        Self {
            topology: RuntimeTopology::One,
            has_sockets,
            alone: false,
            tasks: Tasks::default(),
            runtimes: Vec::new(),
            awake: Vec::new(),
            woken: Vec::new(),
            entered: Vec::new(),
            time_passed: false,
            steps: Vec::new(),
        }
    }

    /// So many actors begin; or one, where the system is built.
    pub(super) fn begin(&mut self, topology: RuntimeTopology, actors: usize, alone: bool, look: &Look) {
        self.topology = topology;
        self.alone = alone;
        self.steps.clear();
        self.woken = vec![None; actors];
        self.entered = vec![Vec::new(); actors];
        self.time_passed = false;
        self.awake.clone_from(&look.awake);
        self.catch_up(look);
        // The steps before have no numbers in this execution.
        for watched in &mut self.runtimes {
            watched.forget_wakers();
        }
    }

    /// A decision is about to be carried out.
    pub(super) fn before(&mut self, decision: Decision, look: &Look) {
        self.catch_up(look);
        let mut note = StepNote::default();
        match decision {
            Decision::Run { actor } | Decision::RunWithin { actor, .. } => {
                note.woken_by = self.woken.get_mut(actor).and_then(Option::take);
            }
            Decision::Step { runtime } => {
                if let Some(watched) = self.runtimes.get_mut(runtime) {
                    let Injected { task, by } = watched.next();
                    note = StepNote {
                        task,
                        origin: watched.origin(),
                        woken_by: by,
                        place: None,
                    };
                }
            }
            Decision::Advance { .. } | Decision::Pass { .. } | Decision::Drop { .. } => {}
        }
        self.steps.push(note);
    }

    /// The decision was carried out; `made` is false where it turned out that there was nothing to run.
    pub(super) fn after(&mut self, decision: Decision, made: bool, look: &Look, seen: &Seen) {
        if !made {
            self.steps.pop();
            self.catch_up(look);
            return;
        }
        let index = self.steps.len() - 1;
        let by = match decision {
            _ if look.has_threads => None,
            // What comes by sockets wakes somebody after the task.
            Decision::Step { .. } if self.has_sockets => None,
            Decision::Advance { .. } | Decision::Pass { .. } => Some(WokenBy::Clock),
            _ => Some(WokenBy::Step(index)),
        };
        let origin = match decision {
            Decision::Step { runtime } => self.ran(runtime, index, look, seen),
            Decision::Run { actor } | Decision::RunWithin { actor, .. } => {
                self.entered[actor] = seen.entered.iter().map(|span| span.id).collect();
                Some(self.origin_of(actor))
            }
            Decision::Drop { actor } => {
                self.steps[index].place = self.place_of_drop(actor, seen);
                Some(self.origin_of(actor))
            }
            Decision::Advance { .. } | Decision::Pass { .. } => None,
        };
        let own = match decision {
            Decision::Step { runtime } => Some(runtime),
            _ => None,
        };
        for (number, now) in look.runtimes.iter().enumerate() {
            let Some(now) = now else { continue };
            self.runtime(number);
            if own != Some(number) {
                self.came(number, now, origin, index, by, look.has_threads);
            }
            let passes = matches!(decision, Decision::Pass { .. });
            if passes && self.runtimes[number].read.tasks > 0 {
                // A task of it may have been polled.
                self.tasks.lose_numbers(None);
                self.runtimes[number].loses_count();
            }
            let watched = &mut self.runtimes[number];
            if passes || own == Some(number) || matches!(decision, Decision::Advance { .. }) {
                watched.wakes(by);
            }
            watched.follow(*now);
        }
        self.note_awake(&look.awake, by);
        self.time_passed = matches!(decision, Decision::Advance { .. } | Decision::Pass { .. });
    }

    fn origin_of(&self, actor: usize) -> Origin {
        if self.alone {
            Origin::System
        } else {
            Origin::Actor(actor)
        }
    }

    /// Takes over what has happened since the last decision: the clock went on, or threads and sockets did something.
    fn catch_up(&mut self, look: &Look) {
        let by = (self.time_passed && !look.has_threads && !self.has_sockets).then_some(WokenBy::Clock);
        for (number, now) in look.runtimes.iter().enumerate() {
            let Some(now) = now else { continue };
            let is_new = self.runtime(number).read.tasks < now.tasks;
            let origin = self.by_topology(number).filter(|_| is_new);
            if is_new {
                self.tasks.lose_numbers(origin);
                self.runtimes[number].comes_from(origin);
            }
            let watched = &mut self.runtimes[number];
            if watched.read.tasks != now.tasks {
                watched.loses_count();
            }
            if look.has_threads || self.has_sockets {
                self.runtime(number).wakes(None);
            } else if self.time_passed {
                self.runtime(number).wakes(by);
            }
            self.runtime(number).follow(*now);
        }
        self.note_awake(&look.awake, by);
    }

    fn note_awake(&mut self, awake: &[u64], by: Option<WokenBy>) {
        for (word, &now) in awake.iter().enumerate() {
            let before = self.awake.get(word).copied().unwrap_or_default();
            for bit in bits(&[now & !before]) {
                if let Some(woken) = self.woken.get_mut(word * 64 + bit) {
                    *woken = by;
                }
            }
        }
        self.awake.clear();
        self.awake.extend(awake);
    }

    fn runtime(&mut self, number: usize) -> &mut Watched {
        if self.runtimes.len() <= number {
            self.runtimes.resize_with(number + 1, Watched::default);
        }
        &mut self.runtimes[number]
    }

    /// For whom a task on this runtime was spawned, where no decision tells: each actor may have its own, but the first shares its with
    /// who built the system.
    fn by_topology(&self, runtime: usize) -> Option<Origin> {
        let is_own = self.topology == RuntimeTopology::PerActor && !self.alone;
        is_own
            .then(|| {
                runtime
                    .checked_sub(1)
                    .filter(|&actor| actor > 0)
                    .map(Origin::Actor)
            })
            .flatten()
    }

    /// Tasks of a runtime that did not run were spawned and woken.
    fn came(
        &mut self,
        number: usize,
        now: &Reading,
        origin: Option<Origin>,
        index: usize,
        by: Option<WokenBy>,
        has_threads: bool,
    ) {
        let before = self.runtimes[number].read.tasks;
        let waiting = self.runtimes[number].unexplained(now);
        let origin = if has_threads {
            self.by_topology(number)
        } else {
            origin
        };
        let Some(spawned) = now.tasks.checked_sub(before) else {
            self.runtimes[number].loses_count();
            return;
        };
        let at = (!self.alone).then_some(index);
        let mut new = Vec::new();
        if spawned > 0 && !has_threads {
            new = self.tasks.spawn(spawned, origin, at);
        } else if spawned > 0 {
            self.tasks.lose_numbers(origin);
            self.runtimes[number].loses_count();
        }
        let watched = &mut self.runtimes[number];
        if spawned > 0 {
            watched.spawned(&new, origin);
        }
        // As many as were spawned: then nobody else was woken, and they stand in the order in which they were spawned.
        let are_new = waiting == new.len().cast_signed();
        let waiting = usize::try_from(waiting).unwrap_or_default();
        watched.inject((0..waiting).map(|place| Injected {
            task: new.get(place).copied().filter(|_| are_new),
            by,
        }));
    }

    /// A task of this runtime ran. Where it comes from.
    fn ran(&mut self, number: usize, index: usize, look: &Look, seen: &Seen) -> Option<Origin> {
        let now = look.runtimes.get(number).copied().flatten()?;
        self.runtime(number);
        let guess = self.steps[index].task;
        let task = self.which(number, guess, seen);
        let origin = match task {
            Some(task) => self.tasks.origin(task),
            None => self.runtimes[number].origin(),
        };
        self.steps[index].task = task;
        self.steps[index].origin = origin;
        let at = (!self.alone).then_some(index);
        let before = self.runtimes[number].read;
        let spawned_elsewhere: usize = look
            .runtimes
            .iter()
            .enumerate()
            .filter(|&(other, _)| other != number)
            .filter_map(|(other, now)| {
                let before = self.runtimes.get(other).map_or(0, |watched| watched.read.tasks);
                now.as_ref()?.tasks.checked_sub(before)
            })
            .sum();
        let at_most = seen
            .spawned
            .and_then(|spawned| spawned.checked_sub(spawned_elsewhere));
        match now.tasks.checked_sub(before.tasks) {
            None if before.tasks == now.tasks + 1 && !look.has_threads => match task {
                Some(task) => self.runtimes[number].ended(task),
                None => self.runtimes[number].loses_count(),
            },
            None => self.runtimes[number].loses_count(),
            // It goes on, and spawned as many as there are more.
            Some(more) if at_most == Some(more) && !look.has_threads => {
                if more > 0 {
                    let new = self.tasks.spawn(more, origin, at);
                    self.runtimes[number].spawned(&new, origin);
                }
            }
            // It goes on, or it spawned one more and ended.
            Some(_) => {
                self.tasks.lose_numbers(origin);
                self.runtimes[number].loses_count();
                self.runtimes[number].comes_from(origin);
            }
        }
        origin
    }

    /// Which task ran, from its place in the queue and from what it showed of itself.
    fn which(&mut self, number: usize, guess: Option<usize>, seen: &Seen) -> Option<usize> {
        let id = seen.task.filter(|_| !seen.several_tasks);
        let task = match id {
            None => guess?,
            Some(id) => {
                let watched = &self.runtimes[number];
                let known = self.tasks.of_id(id);
                let unbound = || guess.filter(|&guess| self.tasks.has_no_id(guess));
                let only = || self.tasks.only_without_id(watched.all()?);
                let task = known.or_else(unbound).or_else(only);
                let task = task.unwrap_or_else(|| self.tasks.add_unnumbered(watched.origin()));
                self.tasks.bind(task, id);
                task
            }
        };
        if guess.is_some_and(|guess| guess != task) {
            self.runtimes[number].loses_count();
        }
        self.tasks.ran(task, seen);
        Some(task)
    }

    /// Where a dropped call was: at the yield point, or in the innermost span, that was dropped with it.
    fn place_of_drop(&self, actor: usize, seen: &Seen) -> Option<Place> {
        if let Some(name) = seen.dropped_at {
            return Some(Place::YieldPoint(name));
        }
        // A span that a destructor enters is none that the call was in.
        let mut own = seen.nest().iter().rev();
        let span = own.find(|span| self.entered[actor].contains(&span.id))?;
        Some(Place::Traced {
            span: Some(span.name),
            at: span.at,
        })
    }

    /// What is known up to now. `at_work` is what the poll at hand showed, where it has not returned.
    pub(super) fn notes(&self, at_work: Option<&Seen>) -> StepNotes {
        let mut steps = self.steps.clone();
        if let (Some(seen), Some(last)) = (at_work, steps.last_mut()) {
            last.place.clone_from(&seen.last);
        }
        StepNotes {
            tasks: self.tasks.told(),
            steps,
        }
    }
}
