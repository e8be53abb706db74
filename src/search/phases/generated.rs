use std::collections::BTreeSet;

use super::vacuity::vacuous;
use crate::report::{Failure, FailureKind};
use crate::rng::Rng;
use crate::search::explorer::{Explorer, Stop};

impl<'s> Explorer<'s> {
    /// The search of generated inputs: one set of them after another, each with its share of the executions.
    pub(super) fn generated(&mut self, budget: u64) -> Result<(), Stop<'s>> {
        let config = self.config();
        let (cases, each) = if config.soak {
            (u64::MAX, (config.executions / u64::from(config.cases)).max(1))
        } else {
            let cases = u64::from(config.cases).min(budget);
            (cases, budget / cases)
        };
        let mut blind: BTreeSet<usize> = (0..*self.search.targets.users().end()).collect();
        for case in 0..cases {
            if self.time_is_up() && self.summary.executions > 0 {
                break;
            }
            let seed = Rng::split(self.config().seed ^ 0x6361_7365, case).next();
            let tree = self
                .search
                .targets
                .draw(seed, &self.config().identities)
                .map_err(|reason| {
                    Failure::refused(
                        FailureKind::Misuse,
                        format!("no inputs could be generated: {reason}"),
                        "mend the strategy for the users' actions",
                    )
                })?;
            let (target, identity_seed) = tree.current();
            self.forget_baselines();
            self.summary.inputs += 1;
            let share = each + u64::from(!config.soak && case < budget % cases);
            self.baseline(&target, identity_seed)?;
            let sightless = self.baselines[&identity_seed].judge.blind_users();
            blind.retain(|user| *user >= target.users() || sightless.contains(user));
            // Those of other shards are looked at only so far that a check which cannot find anything is noticed.
            if !config.shard.has(case) {
                continue;
            }
            self.phases(&target, Some(tree), &[identity_seed], share)?;
        }
        match blind.first() {
            Some(&user) if !self.out_of_time => {
                let name = crate::user::name(user);
                Err(vacuous(&format!(
                    "in none of {cases} sets of inputs {name} saw a secret of its own"
                ))
                .into())
            }
            _ => Ok(()),
        }
    }
}
