use std::sync::Arc;

use crate::interleave::{Race, RuntimeTopology, Shard};
use crate::report::{Caveat, Phase};
use crate::rng::Rng;
use crate::search::alone;
use crate::search::config::CheckConfig;
use crate::search::explorer::{Explorer, Stop};
use crate::search::target::{Setting, Target};

/// The executions in which two real threads poll two users at the same time.
#[derive(Clone, Copy, Debug)]
pub(super) struct RacingPairs {
    pairs: u64,
    shard: Shard,
}

impl RacingPairs {
    pub(super) fn of(config: &CheckConfig, shard: Shard) -> Self {
        Self {
            pairs: config.race,
            shard,
        }
    }

    pub(super) fn run<'s>(
        self,
        explorer: &mut Explorer<'s>,
        target: &Arc<dyn Target>,
        identity_seed: u64,
    ) -> Result<(), Stop<'s>> {
        if self.pairs > 0 && std::thread::available_parallelism().is_ok_and(|cores| cores.get() == 1) {
            explorer.caveats.push(Caveat::OneCore);
        }
        for pair in (0..self.pairs).filter(|&pair| self.shard.has(pair)) {
            if explorer.time_is_up() {
                break;
            }
            explorer.summary.raced += 1;
            let executions = explorer.summary.executions + explorer.summary.raced;
            let population = Arc::clone(&explorer.baseline(target, identity_seed)?.population);
            explorer.show(
                target,
                identity_seed,
                RuntimeTopology::One,
                Phase::RacingPairs,
                executions,
            );
            let setting = Setting {
                population: &population,
                alone: None,
                topology: RuntimeTopology::One,
                real_io: false,
                logs: explorer.config().logs,
            };
            let race = Race::new(Rng::split(explorer.config().seed ^ 0x7261_6365, pair).next());
            let Some(record) = target.race(&mut explorer.driver, setting, race) else {
                return Ok(());
            };
            explorer.is_racing = true;
            let judged = explorer.judged(
                target,
                identity_seed,
                RuntimeTopology::One,
                record.map_err(alone::broken)?,
                Phase::RacingPairs,
            );
            explorer.is_racing = false;
            let mut failing = judged?;
            if let Some(failing) = &mut failing {
                failing.raced = true;
            }
            if let Some(failing) = failing {
                return Err(Stop::Found(failing));
            }
        }
        Ok(())
    }
}
