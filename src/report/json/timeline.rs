use std::collections::HashMap;
use std::ptr;

use serde::Serialize;

use crate::report::Finding;
use crate::report::rows::{Row, TimelineEvent};
use crate::trace::Observation;

/// What happened in a stretch of steps, or what a user saw in one.
#[derive(Serialize)]
pub(super) struct Stretch<'o> {
    first: usize,
    last: usize,
    user: Option<usize>,
    preempted: Option<usize>,
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
    },
    Drops {
        /// How often the user was polled before.
        polls: usize,
    },
    Panics {
        message: &'o str,
    },
    /// The observation and the violation, by their index.
    Saw {
        observation: Option<usize>,
        violation: Option<usize>,
    },
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
            TimelineEvent::Task { times, is_local, .. } => Event::Task { times, is_local },
            TimelineEvent::Clock { late, times } => Event::Clock {
                times,
                late_millis: late,
            },
            TimelineEvent::Passes { millis, times } => Event::Passes { times, millis },
            TimelineEvent::Ticks { times, .. } => Event::Ticks { times },
            TimelineEvent::Drops { polls, .. } => Event::Drops { polls },
            TimelineEvent::Panics { panic } => Event::Panics {
                message: panic.message(),
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
            event,
        }
    }
}
