use std::sync::Arc;

use crate::interleave::{Enumeration, RuntimeTopology, Shape, Strategy};
use crate::oracle::{Judge, Rules, Violation};
use crate::report::Failure;
use crate::report::{FoundBy, Phase, Portion};
use crate::search::alone;
use crate::search::baseline::Baseline;
use crate::search::evidence::of_record;
use crate::search::explorer::{Explorer, Failing, Stop};
use crate::search::target::{ExecutionRecord, Setting, Target};
use crate::user::{IdentityMode, Population};

/// How many executions begin under an identity seed in which nobody was ever alone, where that makes a difference.
const COLD: u64 = 64;

/// Worlds from here on are used once.
const FIRST_WORLD: u64 = 1_000_000;

/// The executions that begin under identity seeds in which no user was ever alone.
pub(super) struct ColdStarts {
    shape: Arc<Shape>,
    topology: RuntimeTopology,
    mode: IdentityMode,
    enumeration: Enumeration,
}

impl ColdStarts {
    /// Where a user's first solo run took a course of its own, something is kept from then on, and the first way is not taken
    /// again with these identities. With others it is: schedules with few preemptions, each with identities of its own and
    /// without solo runs before it.
    pub(super) fn of(
        explorer: &mut Explorer<'_>,
        target: &Arc<dyn Target>,
        identity_seed: u64,
    ) -> Result<Self, Failure> {
        let config = explorer.config();
        let baseline = explorer.baseline(target, identity_seed)?;
        let is_needed = !(baseline.cold.is_empty() || baseline.without_solo_runs || config.real_io);
        let shape = Arc::clone(&baseline.shape);
        let topology = config.topology.unwrap_or(if shape.spawns {
            RuntimeTopology::PerActor
        } else {
            RuntimeTopology::One
        });
        let executions = if is_needed { COLD.min(config.executions) } else { 0 };
        Ok(Self {
            shape,
            topology,
            mode: IdentityMode::of_identity_seed(identity_seed),
            enumeration: Enumeration::new(executions, 2),
        })
    }

    pub(super) fn run<'s>(
        mut self,
        explorer: &mut Explorer<'s>,
        target: &Arc<dyn Target>,
    ) -> Result<(), Stop<'s>> {
        for number in 0.. {
            if explorer.time_is_up() || !self.enumeration.begin(&self.shape) {
                break;
            }
            let identity_seed = self.mode.identity_seed(FIRST_WORLD + number);
            let (population, record) =
                explorer.play_cold(target, identity_seed, self.topology, &mut self.enumeration)?;
            if record.run.divergence().is_some() {
                continue;
            }
            explorer.summary.executions += 1;
            explorer.count(Portion::Phase(Phase::ColdStarts));
            let violations = judge_cold(population, &explorer.rules, &record);
            if violations.iter().any(|violation| violation.secret().is_some()) {
                return Err(Stop::Found(Box::new(Failing {
                    target: Arc::clone(target),
                    tree: None,
                    identity_seed,
                    topology: self.topology,
                    record,
                    violations,
                    found_by: FoundBy::Phase(Phase::ColdStarts),
                    raced: false,
                    cold: true,
                })));
            }
        }
        Ok(())
    }
}

impl Explorer<'_> {
    /// One execution under an identity seed in which nobody was alone before.
    pub(crate) fn play_cold(
        &mut self,
        target: &Arc<dyn Target>,
        identity_seed: u64,
        topology: RuntimeTopology,
        strategy: &mut dyn Strategy,
    ) -> Result<(Arc<Population>, ExecutionRecord), Failure> {
        let config = self.config();
        let population = Population::draw(identity_seed, target.users());
        target.mint(&population);
        match self.baselines.values().next() {
            Some(baseline) => baseline.limit(&mut self.driver, config),
            None => Baseline::limit_unknown(&mut self.driver, config),
        }
        self.show(
            target,
            identity_seed,
            topology,
            Phase::ColdStarts,
            self.summary.executions,
        );
        let setting = Setting {
            population: &population,
            alone: None,
            topology,
            real_io: config.real_io,
            logs: config.logs,
        };
        let record = target
            .play(&mut self.driver, setting, strategy)
            .map_err(alone::broken)?;
        self.note(&record);
        Ok((population, record))
    }
}

/// What is wrong with an execution in which nobody was alone before: others' secrets, hangs.
pub(crate) fn judge_cold(
    population: Arc<Population>,
    rules: &Rules,
    record: &ExecutionRecord,
) -> Vec<Violation> {
    let rules = Rules {
        compare_alone: false,
        together: true,
        ..rules.clone()
    };
    let mut judge = Judge::new(population, Arc::new(rules));
    of_record(record, None, |evidence| judge.judge(evidence))
}
