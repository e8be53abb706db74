use std::ops::Range;

use super::Finding;
use crate::interleave::{
    Decision, Origin, Panic, Place, Run, Runnable, RuntimeTopology, SpawnedTask, StepNotes, WokenBy,
};
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
    /// What woke the one who runs in the first of the steps, where that is known.
    pub(super) woken_by: Option<WokenBy>,
    /// Whether that was its own poll.
    pub(super) wakes_itself: bool,
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
        ran: Ran<'f>,
        /// Whether it was spawned by `spawn_local`.
        is_local: bool,
        times: usize,
    },
    /// The clock moved to the next timer.
    Clock { late: u16, times: usize },
    /// The clock moved although somebody could run.
    Passes { millis: u16, times: usize },
    /// The clock moved to the next timer and the same one went on, again and again.
    Ticks { whose: Ticking<'f>, times: usize },
    /// A user's call in flight was dropped, after so many polls of this user.
    Drops {
        user: usize,
        polls: usize,
        /// Where in its code it was, as far as that has a name.
        at: Option<&'f Place>,
    },
    /// A spawned task panicked.
    Panics { panic: &'f Panic, ran: Ran<'f> },
    /// A user saw something.
    Saw {
        observation: &'f Observation,
        /// What is wrong with it.
        violation: Option<&'f Violation>,
    },
}

/// What runs at each tick of a clock.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Ticking<'f> {
    User(usize),
    Task(Ran<'f>),
}

/// A spawned task that ran, as far as it is known.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) struct Ran<'f> {
    /// For whom it was spawned.
    pub(super) origin: Option<Origin>,
    /// Which it is, and its place in the notes.
    pub(super) task: Option<(usize, &'f SpawnedTask)>,
}

impl<'f> Ran<'f> {
    fn new(run: &Run, notes: Option<&'f StepNotes>, index: usize) -> Self {
        let Some(notes) = notes else {
            let Decision::Step { runtime } = run.decisions()[index] else {
                return Self::default();
            };
            let user = match run.topology {
                // The first user shares its runtime with who built the system.
                RuntimeTopology::PerActor => runtime
                    .checked_sub(1)
                    .filter(|&user| user > 0 && user < run.polls().len()),
                RuntimeTopology::One | RuntimeTopology::PerPoll => None,
            };
            return Self {
                origin: user.map(Origin::Actor),
                task: None,
            };
        };
        let note = notes.step(index);
        let number = note.and_then(|note| note.task);
        Self {
            origin: note.and_then(|note| note.origin),
            task: number.and_then(|number| Some((number, notes.tasks.get(number)?))),
        }
    }

    /// The user for whom it was spawned.
    pub(super) fn user(self) -> Option<usize> {
        match self.origin {
            Some(Origin::Actor(user)) => Some(user),
            Some(Origin::System) | None => None,
        }
    }
}

impl Row<'_> {
    /// In whose lane it stands; `None` where it stands across all.
    pub(super) fn user(&self) -> Option<usize> {
        match self.what {
            TimelineEvent::Goes { user, .. } | TimelineEvent::Drops { user, .. } => Some(user),
            TimelineEvent::Task { ran, .. } => ran.user(),
            TimelineEvent::Ticks { whose, .. } => match whose {
                Ticking::User(user) => Some(user),
                Ticking::Task(ran) => ran.user(),
            },
            TimelineEvent::Clock { .. } | TimelineEvent::Passes { .. } | TimelineEvent::Panics { .. } => None,
            TimelineEvent::Saw { observation, .. } => Some(observation.viewer()),
        }
    }
}

/// The rows of the finding's execution, in the order of time.
pub(super) fn rows(finding: &Finding) -> Vec<Row<'_>> {
    let run = &finding.run;
    let notes = finding.steps.as_ref();
    let seen = finding.trace.observations().iter();
    let seen = seen.map(|observation| saw(finding, observation));
    let panics = run.panics().iter().map(|(step, panic)| Row {
        first: *step,
        last: *step,
        preempted: None,
        woken_by: None,
        wakes_itself: false,
        what: TimelineEvent::Panics {
            panic,
            ran: match step.checked_sub(1) {
                Some(index) if index < run.decisions().len() => Ran::new(run, notes, index),
                _ => Ran::default(),
            },
        },
    });
    let mut within: Vec<_> = seen.chain(panics).collect();
    within.sort_by_key(|row| row.first);
    let mut within = within.into_iter().peekable();
    let mut rows = Vec::new();
    let mut made = 0;
    let ran: Vec<_> = (0..run.decisions().len())
        .map(|index| (run.decisions()[index], Ran::new(run, notes, index)))
        .collect();
    for block in ran.chunk_by(|a, b| a == b) {
        rows.extend(std::iter::from_fn(|| within.next_if(|row| row.first <= made)));
        let woken_by = notes.and_then(|notes| notes.step(made)?.woken_by);
        rows.push(Row {
            first: made + 1,
            last: made + block.len(),
            preempted: match run.preempted_at(made) {
                Some(Runnable::Actor(actor)) => Some(actor),
                _ => None,
            },
            woken_by,
            wakes_itself: matches!(woken_by, Some(WokenBy::Step(by)) if ran.get(by).is_some_and(|&by| is_same_runnable(by, block[0]))),
            what: timeline_event(finding, block[0], made, block.len()),
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
        woken_by: None,
        wakes_itself: false,
        what: TimelineEvent::Saw {
            observation,
            violation,
        },
    }
}

/// The task that ran in the last step.
pub(super) fn last_ran(finding: &Finding) -> Ran<'_> {
    let last = finding.run.decisions().len().checked_sub(1);
    last.map_or_else(Ran::default, |last| {
        Ran::new(&finding.run, finding.steps.as_ref(), last)
    })
}

/// Whether it is certain that the same one runs at both.
fn is_same_runnable((one, ran): (Decision, Ran<'_>), (other, runs): (Decision, Ran<'_>)) -> bool {
    match Runnable::of(one) {
        Some(Runnable::Runtime(_)) => ran.task.is_some() && ran.task == runs.task,
        user => user.is_some() && user == Runnable::of(other),
    }
}

/// Whether the two are one observation, or cannot be told apart.
pub(super) fn is_same(one: &Observation, other: &Observation) -> bool {
    let facts = |of: &Observation| (of.viewer(), of.surface(), of.step());
    facts(one) == facts(other) && one.text() == other.text()
}

/// What `times` equal decisions come to, the first of which is the one at `index`.
fn timeline_event<'f>(
    finding: &'f Finding,
    (decision, ran): (Decision, Ran<'f>),
    index: usize,
    times: usize,
) -> TimelineEvent<'f> {
    let run = &finding.run;
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
            ran,
            is_local: runtime == run.topology.local_runtime(run.polls().len()),
            times,
        },
        Decision::Advance { late } => TimelineEvent::Clock { late, times },
        Decision::Pass { millis } => TimelineEvent::Passes { millis, times },
        Decision::Drop { actor } => TimelineEvent::Drops {
            user: actor,
            polls: polls(run, actor, 0..index),
            at: finding
                .steps
                .as_ref()
                .and_then(|notes| notes.step(index)?.place.as_ref()),
        },
    }
}

fn is_polled(run: &Run, user: usize, steps: Range<usize>) -> bool {
    polls(run, user, steps) > 0
}

/// How often a user is polled in these steps.
fn polls(run: &Run, user: usize, steps: Range<usize>) -> usize {
    let polled = run.decisions()[steps]
        .iter()
        .filter(|&&decision| !matches!(decision, Decision::Drop { .. }) && decision.actor() == Some(user));
    polled.count()
}

#[cfg(test)]
mod tests {
    use rstest::rstest;

    use super::{Row, TimelineEvent, rows};
    use crate::interleave::{StepNote, StepNotes, WokenBy};
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

    /// Each user has a runtime then, but the first shares its with who built the system; 3 is of local tasks.
    #[rstest]
    #[case::one_for_each_user("each", [None, None, Some(1), None])]
    #[case::one_for_each_poll("poll", [None; 4])]
    fn without_notes_a_runtime_says_whose_its_tasks_are(
        #[case] topology: &str,
        #[case] users: [Option<usize>; 4],
    ) {
        let finding = Sample::new(2, &format!("v1:{topology}@0:1,2,s0,s1,s2,s3")).finding();
        let told: Vec<_> = rows(&finding)[2..].iter().map(Row::user).collect();
        assert_eq!(told, users);
    }

    #[test]
    fn who_wakes_itself_is_told_from_who_is_woken_by_another() {
        let woken = |by| StepNote {
            woken_by: Some(WokenBy::Step(by)),
            ..StepNote::default()
        };
        let steps = vec![StepNote::default(), StepNote::default(), woken(0), woken(2)];
        let notes = StepNotes {
            tasks: Vec::new(),
            steps,
        };
        let sample = Sample::new(2, "v1:one@0:1,2,1,2");
        let finding = sample.with(|finding| finding.steps = Some(notes)).finding();
        let rows: Vec<_> = rows(&finding)
            .iter()
            .map(|row| (row.woken_by, row.wakes_itself))
            .collect();
        assert_eq!(
            rows[2..],
            [(Some(WokenBy::Step(0)), true), (Some(WokenBy::Step(2)), false)]
        );
    }

    #[test]
    fn a_dropped_call_was_polled_as_often_as_its_user_was_before() {
        let finding = Sample::new(2, "v1:one@0:1,2x2,1b0,1,1d,2,2d").finding();
        let drops: Vec<_> = rows(&finding)
            .iter()
            .filter_map(|row| match row.what {
                TimelineEvent::Drops { user, polls, .. } => Some((user, polls)),
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
