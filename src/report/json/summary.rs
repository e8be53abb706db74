use serde::Serialize;

use crate::report::{OrdersSeen, SearchSummary, Unseen};

#[derive(Serialize)]
pub(super) struct Summary {
    users: usize,
    seed: u64,
    shard: String,
    seconds: f64,
    executions: u64,
    solo_runs: u64,
    raced: u64,
    fair: u64,
    portions: Vec<Share>,
    inputs: u64,
    outcomes: u64,
    certificate: Option<String>,
    orders: Option<OrdersSeen>,
    nothing_new: u64,
    settled: bool,
    unseen: Option<Estimate>,
    identities: Vec<String>,
}

#[derive(Serialize)]
struct Share {
    of: String,
    executions: u64,
}

/// What is known of behaviours, those that were not seen among them.
#[derive(Serialize)]
struct Estimate {
    behaviours: u64,
    once: u64,
    samples: u64,
    probability: f64,
    curve: Vec<(u64, u64)>,
}

impl Estimate {
    fn of(unseen: &Unseen) -> Self {
        Self {
            behaviours: unseen.behaviours,
            once: unseen.once,
            samples: unseen.samples,
            probability: (unseen.probability() * 1e6).round() / 1e6,
            curve: unseen.curve.clone(),
        }
    }
}

impl Summary {
    pub(super) fn of(search: &SearchSummary) -> Self {
        let portions = search.portions.iter().map(|(portion, executions)| Share {
            of: portion.to_string(),
            executions: *executions,
        });
        Self {
            users: search.users,
            seed: search.seed,
            shard: search.shard.to_string(),
            seconds: search.elapsed.as_secs_f64(),
            executions: search.executions,
            solo_runs: search.alone,
            raced: search.raced,
            fair: search.fair,
            portions: portions.collect(),
            inputs: search.inputs,
            outcomes: search.distinct,
            certificate: search.certificate.as_ref().map(ToString::to_string),
            orders: search.orders,
            nothing_new: search.nothing_new,
            settled: search.settled.is_some(),
            unseen: search.unseen.as_ref().map(Estimate::of),
            identities: search.identities.iter().map(ToString::to_string).collect(),
        }
    }
}
