use serde::Serialize;

use crate::interleave::{Ending, Runnable};
use crate::report::Finding;

#[derive(Serialize)]
pub(super) struct Steered {
    text: String,
    identity_seed: u64,
    identities: String,
    steps: usize,
    preemptions: Vec<Preemption>,
    ending: Ended,
}

impl Steered {
    pub(super) fn of(finding: &Finding) -> Self {
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
            ending: Ended::of(run.ending()),
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
#[serde(tag = "kind", rename_all = "kebab-case")]
enum Ended {
    Done,
    Deadlock { users: Vec<usize> },
    StepLimit { steps: usize },
    Panicked { user: usize, message: String },
    Blocked { by: Option<Goer> },
    Diverged { step: usize, reason: String },
    RealIo { message: String },
}

impl Ended {
    pub(super) fn of(ending: &Ending) -> Self {
        match ending {
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
