use std::time::{Duration, Instant};

use crate::interleave::ending::Waiting;
use crate::interleave::fairness::Fairness;
use crate::interleave::notes::Shown;
use crate::interleave::runnables::is_set;
use crate::interleave::runtime::clock::Clock;
use crate::interleave::runtime::local::Local;
use crate::interleave::runtime::ready_set::Wakers;
use crate::interleave::runtime::runtimes::Runtimes;
use crate::interleave::sockets::Listening;
use crate::interleave::waking::Waking;
use crate::interleave::{Actor, Decision, Driver, Ending, Panic, Quiet, Run, Runnable, Session};

/// One execution under way.
pub(in crate::interleave) struct Execution<'e, A> {
    pub(in crate::interleave) driver: &'e mut Driver,
    pub(in crate::interleave) runtimes: &'e mut Runtimes,
    pub(in crate::interleave) clock: &'e mut Clock,
    pub(super) local: Option<&'e mut Local>,
    /// The number under which the local tasks stand among the runtimes.
    pub(super) local_number: usize,
    pub(super) quiet: &'e Quiet,
    pub(super) actors: &'e mut [A],
    pub(in crate::interleave) wakers: Wakers,
    /// How many have begun and not ended.
    pub(super) under_way: usize,
    /// Whether one of those was woken when it was looked last.
    pub(super) can_go_on: bool,
    pub(super) remaining: usize,
    pub(super) last: Option<Runnable>,
    /// Runtimes that were left, at the decision of an index, although they may have had a task; whether that was a preemption shows
    /// later.
    pub(super) left_unknown: Vec<(usize, usize)>,
    /// True from a move of the clock until somebody goes on.
    pub(in crate::interleave) advancing: bool,
    /// The clock has come to the end of its day without any use, and somebody new has to begin.
    pub(in crate::interleave) exhausted: bool,
    /// How far it moves at once; zero where it goes from timer to timer.
    pub(in crate::interleave) stride: Duration,
    pub(super) drops_left: u32,
    pub(in crate::interleave) decisions: Vec<Decision>,
    pub(super) preempted: Vec<(usize, Runnable)>,
    pub(super) polls: Vec<u32>,
    pub(super) dropped: Vec<bool>,
    pub(super) finished: Vec<bool>,
    pub(super) panics: Vec<(usize, Panic)>,
    pub(super) most_tasks: usize,
    /// How far the clock had come at a decision, for those after a move of it.
    pub(super) times: Vec<(usize, Duration)>,
    pub(super) waking: Waking,
    pub(super) fairness: Fairness,
    pub(super) fair_from: Option<usize>,
    /// When the limit was reached while something outside may still be at work.
    pub(in crate::interleave) overtime: Option<Instant>,
    /// How many actors whom a list names were waited for as long as it wants, and did not come.
    pub(in crate::interleave) waits_in_vain: u32,
    pub(in crate::interleave) listening: Listening,
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
            waits_in_vain: 0,
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

    pub(super) fn shown(&self) -> Shown<'_> {
        Shown {
            has_threads: self.driver.has_heard_threads(),
            runtimes: self.runtimes,
            wakes: &self.wakers.wakes,
        }
    }

    pub(super) fn tasks(&self) -> usize {
        let local = self.local.as_ref().is_some_and(|local| local.is_alive);
        self.runtimes.tasks() + usize::from(local)
    }

    pub(in crate::interleave) fn deadlock(&self) -> Ending {
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
}
