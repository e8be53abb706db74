use serde::Serialize;

use super::steps::At;
use crate::interleave::{Ending, Runnable};
use crate::report::{Finding, ThreadState};

#[derive(Serialize)]
pub(super) struct Steered<'o> {
    text: String,
    identity_seed: u64,
    identities: String,
    steps: usize,
    preemptions: Vec<Preemption>,
    ending: Ended<'o>,
}

impl<'o> Steered<'o> {
    pub(super) fn of(finding: &'o Finding) -> Self {
        let run = &finding.run;
        let preemptions = (1..).zip(0..run.decisions().len());
        Self {
            text: finding.schedule.to_string(),
            identity_seed: finding.schedule.identity_seed(),
            identities: finding.identities.to_string(),
            steps: run.decisions().len(),
            preemptions: preemptions
                .filter_map(|(step, index)| {
                    let of = Goer::of(run.preempted_at(index)?);
                    Some(Preemption { step, of })
                })
                .collect(),
            ending: Ended::of(finding),
        }
    }
}

#[derive(Serialize)]
struct Preemption {
    step: usize,
    of: Goer,
}

#[derive(Serialize)]
#[serde(rename_all = "kebab-case")]
enum Goer {
    User(usize),
    /// A spawned task of this runtime.
    Runtime(usize),
}

impl Goer {
    pub(super) fn of(runnable: Runnable) -> Self {
        match runnable {
            Runnable::Actor(user) => Self::User(user),
            Runnable::Runtime(runtime) => Self::Runtime(runtime),
        }
    }
}

#[derive(Serialize)]
struct SystemCall {
    number: i64,
    name: Option<&'static str>,
}

impl SystemCall {
    fn of(state: ThreadState) -> Option<Self> {
        match state {
            ThreadState::Computes => None,
            ThreadState::SystemCall { number, name } => Some(Self { number, name }),
        }
    }
}

#[derive(Serialize)]
#[serde(tag = "kind", rename_all = "kebab-case")]
enum Ended<'o> {
    Done,
    Deadlock {
        users: Vec<usize>,
    },
    StepLimit {
        steps: usize,
    },
    Panicked {
        user: usize,
        message: String,
    },
    Blocked {
        by: Option<Goer>,
        /// The system call in which the thread waits, as far as it is known.
        system_call: Option<SystemCall>,
        /// The last place that the poll passed.
        at: Option<At<'o>>,
    },
    Diverged {
        step: usize,
        reason: String,
    },
    RealIo {
        message: String,
    },
}

impl<'o> Ended<'o> {
    fn of(finding: &'o Finding) -> Self {
        match finding.run.ending() {
            Ending::Done => Self::Done,
            Ending::Deadlock(waiting) => Self::Deadlock {
                users: waiting.iter().map(|waiting| waiting.actor).collect(),
            },
            Ending::StepLimit(steps) => Self::StepLimit { steps: *steps },
            Ending::Panicked { actor, panic } => Self::Panicked {
                user: *actor,
                message: panic.to_string(),
            },
            Ending::Blocked { runnable } => Self::Blocked {
                by: runnable.map(Goer::of),
                system_call: finding.blocked.and_then(SystemCall::of),
                at: finding.last_place().map(At::of),
            },
            Ending::Diverged(divergence) => Self::Diverged {
                step: divergence.step(),
                reason: divergence.reason().to_owned(),
            },
            Ending::RealIo(message) => Self::RealIo {
                message: message.clone(),
            },
        }
    }
}
