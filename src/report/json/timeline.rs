use std::collections::HashMap;
use std::ptr;

use serde::Serialize;

use super::steps::{At, Of, Woken};
use crate::report::Finding;
use crate::report::rows::{Ran, Row, Ticking, TimelineEvent};
use crate::trace::Observation;

/// What happened in a stretch of steps, or what a user saw in one.
#[derive(Serialize)]
pub(super) struct Stretch<'o> {
    first: usize,
    last: usize,
    user: Option<usize>,
    preempted: Option<usize>,
    woken_by: Option<Woken>,
    #[serde(flatten)]
    event: Event<'o>,
}

#[derive(Serialize)]
#[serde(tag = "event", rename_all = "kebab-case")]
enum Event<'o> {
    Goes {
        times: usize,
        starts: bool,
        ends: bool,
        stopped_at: Option<u8>,
    },
    Task {
        times: usize,
        is_local: bool,
        /// Which it is, by its place in `tasks`.
        task: Option<usize>,
        of: Option<Of>,
    },
    Clock {
        times: usize,
        late_millis: u16,
    },
    Passes {
        times: usize,
        millis: u16,
    },
    Ticks {
        times: usize,
        task: Option<usize>,
    },
    Drops {
        /// How often the user was polled before.
        polls: usize,
        at: Option<At<'o>>,
    },
    Panics {
        message: &'o str,
        task: Option<usize>,
        of: Option<Of>,
    },
    /// The observation and the violation, by their index.
    Saw {
        observation: Option<usize>,
        violation: Option<usize>,
    },
}

fn number(ran: Ran<'_>) -> Option<usize> {
    ran.task.map(|(number, _)| number)
}

impl<'o> Stretch<'o> {
    pub(super) fn of(row: &Row<'o>, finding: &Finding, numbers: &HashMap<*const Observation, usize>) -> Self {
        let event = match row.what {
            TimelineEvent::Goes {
                times,
                starts,
                ends,
                stopped_at,
                ..
            } => Event::Goes {
                times,
                starts,
                ends,
                stopped_at,
            },
            TimelineEvent::Task { times, is_local, ran } => Event::Task {
                times,
                is_local,
                task: number(ran),
                of: ran.origin.map(Of::new),
            },
            TimelineEvent::Clock { late, times } => Event::Clock {
                times,
                late_millis: late,
            },
            TimelineEvent::Passes { millis, times } => Event::Passes { times, millis },
            TimelineEvent::Ticks { times, whose } => Event::Ticks {
                times,
                task: match whose {
                    Ticking::Task(ran) => number(ran),
                    Ticking::User(_) => None,
                },
            },
            TimelineEvent::Drops { polls, at, .. } => Event::Drops {
                polls,
                at: at.map(At::of),
            },
            TimelineEvent::Panics { panic, ran } => Event::Panics {
                message: panic.message(),
                task: number(ran),
                of: ran.origin.map(Of::new),
            },
            TimelineEvent::Saw {
                observation,
                violation,
            } => Event::Saw {
                observation: numbers.get(&ptr::from_ref(observation)).copied(),
                violation: violation.and_then(|violation| {
                    let mut all = finding.violations.iter();
                    all.position(|other| ptr::eq(other, violation))
                }),
            },
        };
        Self {
            first: row.first,
            last: row.last,
            user: row.user(),
            preempted: row.preempted,
            woken_by: row.woken_by.map(Woken::of),
            event,
        }
    }
}
