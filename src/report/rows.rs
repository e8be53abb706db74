use std::ops::Range;

use super::Finding;
use crate::interleave::{Decision, Panic, Run, Runnable, RuntimeTopology};
use crate::oracle::Violation;
use crate::trace::Observation;

/// A row of the interleaving: what happened in a stretch of decisions, or what somebody saw in one.
#[derive(Clone, Debug)]
pub(super) struct Row<'f> {
    /// The steps that it stands for, from 1; 0 is before the first.
    pub(super) first: usize,
    pub(super) last: usize,
    /// The user who could have gone on and did not, where that is certain.
    pub(super) preempted: Option<usize>,
    pub(super) what: TimelineEvent<'f>,
}

#[derive(Clone, Debug)]
pub(super) enum TimelineEvent<'f> {
    /// A user's call was polled.
    Goes {
        user: usize,
        times: usize,
        starts: bool,
        ends: bool,
        /// Which ready await did not pass, from 1.
        stopped_at: Option<u8>,
    },
    /// A spawned task was polled.
    Task {
        /// Under whose call it was spawned, where the topology tells.
        whose: Option<usize>,
        /// Whether it was spawned by `spawn_local`.
        is_local: bool,
        times: usize,
    },
    /// The clock moved to the next timer.
    Clock { late: u16, times: usize },
    /// The clock moved although somebody could run.
    Passes { millis: u16, times: usize },
    /// The clock moved to the next timer and the same one went on, again and again.
    Ticks { whose: Ticking, times: usize },
    /// A user's call in flight was dropped, after so many polls of this user.
    Drops { user: usize, polls: usize },
    /// A spawned task panicked.
    Panics { panic: &'f Panic },
    /// A user saw something.
    Saw {
        observation: &'f Observation,
        /// What is wrong with it.
        violation: Option<&'f Violation>,
    },
}

/// What runs at each tick of a clock.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Ticking {
    User(usize),
    /// A spawned task, and under whose call it was spawned, where the topology tells.
    Task {
        whose: Option<usize>,
    },
}

impl Row<'_> {
    /// In whose lane it stands; `None` where it stands across all.
    pub(super) fn user(&self) -> Option<usize> {
        match self.what {
            TimelineEvent::Goes { user, .. } | TimelineEvent::Drops { user, .. } => Some(user),
            TimelineEvent::Task { whose, .. } => whose,
            TimelineEvent::Ticks { whose, .. } => match whose {
                Ticking::User(user) => Some(user),
                Ticking::Task { whose } => whose,
            },
            TimelineEvent::Clock { .. } | TimelineEvent::Passes { .. } | TimelineEvent::Panics { .. } => None,
            TimelineEvent::Saw { observation, .. } => Some(observation.viewer()),
        }
    }
}

/// The rows of the finding's execution, in the order of time.
pub(super) fn rows(finding: &Finding) -> Vec<Row<'_>> {
    let run = &finding.run;
    let seen = finding.trace.observations().iter();
    let seen = seen.map(|observation| saw(finding, observation));
    let panics = run.panics().iter().map(|(step, panic)| Row {
        first: *step,
        last: *step,
        preempted: None,
        what: TimelineEvent::Panics { panic },
    });
    let mut within: Vec<_> = seen.chain(panics).collect();
    within.sort_by_key(|row| row.first);
    let mut within = within.into_iter().peekable();
    let mut rows = Vec::new();
    let mut made = 0;
    for block in run.decisions().chunk_by(|a, b| a == b) {
        rows.extend(std::iter::from_fn(|| within.next_if(|row| row.first <= made)));
        rows.push(Row {
            first: made + 1,
            last: made + block.len(),
            preempted: match run.preempted_at(made) {
                Some(Runnable::Actor(actor)) => Some(actor),
                _ => None,
            },
            what: timeline_event(run, block[0], made, block.len()),
        });
        made += block.len();
    }
    rows.extend(within);
    rows
}

fn saw<'f>(finding: &'f Finding, observation: &'f Observation) -> Row<'f> {
    let step = usize::try_from(observation.step()).unwrap_or(usize::MAX);
    let violation = finding.violations.iter().find(|violation| {
        violation
            .observation()
            .is_some_and(|other| is_same(other, observation))
    });
    Row {
        first: step,
        last: step,
        preempted: None,
        what: TimelineEvent::Saw {
            observation,
            violation,
        },
    }
}

/// Whether the two are one observation, or cannot be told apart.
pub(super) fn is_same(one: &Observation, other: &Observation) -> bool {
    let facts = |of: &Observation| (of.viewer(), of.surface(), of.step());
    facts(one) == facts(other) && one.text() == other.text()
}

/// What `times` equal decisions come to, the first of which is the one at `index`.
fn timeline_event<'f>(run: &Run, decision: Decision, index: usize, times: usize) -> TimelineEvent<'f> {
    let goes = |user: usize, stopped_at| TimelineEvent::Goes {
        user,
        times,
        starts: !is_polled(run, user, 0..index),
        ends: run.finished().get(user).copied().unwrap_or_default()
            && !is_polled(run, user, index + times..run.decisions().len()),
        stopped_at,
    };
    match decision {
        Decision::Run { actor } => goes(actor, None),
        Decision::RunWithin { actor, budget } => goes(actor, Some(budget.saturating_add(1))),
        Decision::Step { runtime } => TimelineEvent::Task {
            whose: match run.topology {
                // The first runtime is the system's own, and then comes one for each user.
                RuntimeTopology::PerActor => runtime.checked_sub(1).filter(|&user| user < run.polls().len()),
                RuntimeTopology::One | RuntimeTopology::PerPoll => None,
            },
            is_local: runtime == run.topology.local_runtime(run.polls().len()),
            times,
        },
        Decision::Advance { late } => TimelineEvent::Clock { late, times },
        Decision::Pass { millis } => TimelineEvent::Passes { millis, times },
        Decision::Drop { actor } => TimelineEvent::Drops {
            user: actor,
            polls: polls(run, actor, 0..index),
        },
    }
}

fn is_polled(run: &Run, user: usize, steps: Range<usize>) -> bool {
    polls(run, user, steps) > 0
}

/// How often a user is polled in these steps.
fn polls(run: &Run, user: usize, steps: Range<usize>) -> usize {
    let polled = run.decisions()[steps].iter().filter(|&&decision| {
        !matches!(decision, Decision::Drop { .. }) && decision.actor() == Some(user)
    });
    polled.count()
}

#[cfg(test)]
mod tests {
    use super::{TimelineEvent, rows};
    use crate::report::samples::Sample;
    use crate::trace::Surface;

    #[test]
    fn what_was_seen_stands_behind_the_steps_it_was_seen_in() {
        let finding = Sample::new(2, "v1:each@0:1x3,s1,2,t+5,1,2d")
            .saw(0, Surface::Event, 2, "agent_started")
            .saw(1, Surface::Reply, 5, "hello")
            .finding();
        let steps: Vec<_> = rows(&finding).iter().map(|row| (row.first, row.last)).collect();
        assert_eq!(
            steps,
            [(1, 3), (2, 2), (4, 4), (5, 5), (5, 5), (6, 6), (7, 7), (8, 8)]
        );
    }

    #[test]
    fn a_dropped_call_was_polled_as_often_as_its_user_was_before() {
        let finding = Sample::new(2, "v1:one@0:1,2x2,1b0,1,1d,2,2d").finding();
        let drops: Vec<_> = rows(&finding)
            .iter()
            .filter_map(|row| match row.what {
                TimelineEvent::Drops { user, polls } => Some((user, polls)),
                _ => None,
            })
            .collect();
        assert_eq!(drops, [(0, 3), (1, 3)]);
    }

    #[test]
    fn a_call_starts_once_and_ends_where_it_finished() {
        let finding = Sample::new(2, "v1:one@0:1,2,1,2x2,1")
            .finished([true, false])
            .finding();
        let turns: Vec<_> = rows(&finding)
            .iter()
            .filter_map(|row| match row.what {
                TimelineEvent::Goes {
                    user, starts, ends, ..
                } => Some((user, starts, ends)),
                _ => None,
            })
            .collect();
        assert_eq!(
            turns,
            [
                (0, true, false),
                (1, true, false),
                (0, false, false),
                (1, false, false),
                (0, false, true)
            ]
        );
    }
}
