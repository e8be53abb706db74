use std::sync::Arc;

use super::alone;
use super::baseline::Baseline;
use super::evidence::of_record;
use super::explorer::{Explorer, Failing, Stop};
use super::target::{ExecutionRecord, Setting, Target};
use crate::interleave::{Decision, Enumeration, Guided, RuntimeTopology, Strategy};
use crate::oracle::{Judge, Rules, Violation};
use crate::report::Failure;
use crate::report::{FoundBy, Phase, Portion};
use crate::user::{IdentityMode, Population};

/// How many executions begin under an identity seed in which nobody was ever alone, where that makes a difference.
const COLD: u64 = 64;

/// Worlds from here on are used once.
const FIRST_WORLD: u64 = 1_000_000;

impl<'s> Explorer<'s> {
    /// Where a user's first solo run took a course of its own, something is kept from then on, and the first way is not taken
    /// again with these identities. With others it is: schedules with few preemptions, each with identities of its own and
    /// without solo runs before it.
    pub(crate) fn cold_starts(
        &mut self,
        target: &Arc<dyn Target>,
        identity_seed: u64,
    ) -> Result<(), Stop<'s>> {
        let config = self.config();
        let baseline = self.baseline(target, identity_seed)?;
        if baseline.cold.is_empty() || baseline.without_solo_runs || config.real_io {
            return Ok(());
        }
        let shape = Arc::clone(&baseline.shape);
        let topology = config.topology.unwrap_or(if shape.spawns {
            RuntimeTopology::PerActor
        } else {
            RuntimeTopology::One
        });
        let mode = IdentityMode::of_identity_seed(identity_seed);
        let mut enumeration = Enumeration::new(COLD.min(config.executions), 2);
        for number in 0.. {
            if self.time_is_up() || !enumeration.begin(&shape) {
                break;
            }
            let identity_seed = mode.identity_seed(FIRST_WORLD + number);
            let (population, record) = self.play_cold(target, identity_seed, topology, &mut enumeration)?;
            if record.run.divergence().is_some() {
                continue;
            }
            self.summary.executions += 1;
            self.count(Portion::Phase(Phase::ColdStarts));
            let violations = judge_cold(population, &self.rules, &record);
            if violations.iter().any(|violation| violation.secret().is_some()) {
                return Err(Stop::Found(Box::new(Failing {
                    target: Arc::clone(target),
                    tree: None,
                    identity_seed,
                    topology,
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

    /// Somebody else's secret that a user saw alone, and that did not show with everybody there.
    pub(crate) fn outlived_alone(
        &mut self,
        target: &Arc<dyn Target>,
        identity_seed: u64,
        violation: Violation,
        first: &[Decision],
    ) -> Result<Stop<'s>, Failure> {
        let executions = self.summary.executions;
        let mut guided = Guided::new(first);
        let record = self.play(
            target,
            identity_seed,
            RuntimeTopology::One,
            &mut guided,
            Phase::SoloRuns,
            executions,
        )?;
        Ok(Stop::Found(Box::new(Failing {
            target: Arc::clone(target),
            tree: None,
            identity_seed,
            topology: RuntimeTopology::One,
            record,
            violations: vec![violation],
            found_by: FoundBy::Phase(Phase::SoloRuns),
            raced: false,
            cold: true,
        })))
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
