use std::sync::Arc;
use std::time::Duration;

use super::state::{Explorer, Failing, Stop};
use crate::interleave::{Ending, RuntimeTopology, Strategy};
use crate::report::{Failure, FoundBy, Phase, Portion};
use crate::search::alone;
use crate::search::baseline::Baseline;
use crate::search::sample::{SAMPLES, Sample};
use crate::search::shared::CurrentExecution;
use crate::search::target::{ExecutionRecord, Setting, Target};
use crate::trace::Surface;
use crate::user::IdentityMode;

impl<'s> Explorer<'s> {
    /// One execution with company, counted and judged.
    pub(crate) fn execute(
        &mut self,
        target: &Arc<dyn Target>,
        identity_seed: u64,
        topology: RuntimeTopology,
        strategy: &mut dyn Strategy,
        phase: Phase,
    ) -> Result<(), Stop<'s>> {
        let executions = self.summary.executions + 1;
        let record = self.play(target, identity_seed, topology, strategy, phase, executions)?;
        // A schedule that turns out not to exist, for a runtime had no task after all, was no execution.
        if let Some(divergence) = record.run.divergence() {
            return match phase {
                // The crate's own strategies decide on nothing else that cannot be.
                Phase::OwnStrategy => Err(alone::impossible(&strategy.name(), divergence).into()),
                _ => Ok(()),
            };
        }
        self.summary.executions = executions;
        self.count(match phase {
            Phase::Portfolio | Phase::OwnStrategy => Portion::Strategy(strategy.base_name()),
            phase => Portion::Phase(phase),
        });
        // The first of a short search, the last of a long one.
        if executions.is_power_of_two() || executions % 64 == 1 {
            self.samples.truncate(SAMPLES - 1);
            self.samples.push_front(Sample {
                target: Arc::clone(target),
                schedule: record.run.schedule(identity_seed),
                fingerprint: record.trace.fingerprint(),
            });
        }
        match self.judged(target, identity_seed, topology, record, phase)? {
            Some(mut failing) => {
                if matches!(phase, Phase::Portfolio | Phase::OwnStrategy) {
                    failing.found_by = FoundBy::Strategy(strategy.name());
                }
                Err(Stop::Found(failing))
            }
            None => Ok(()),
        }
    }

    /// One execution, neither counted nor judged.
    pub(crate) fn play(
        &mut self,
        target: &Arc<dyn Target>,
        identity_seed: u64,
        topology: RuntimeTopology,
        strategy: &mut dyn Strategy,
        phase: Phase,
        executions: u64,
    ) -> Result<ExecutionRecord, Failure> {
        let config = self.config();
        let population = Arc::clone(&self.baseline(target, identity_seed)?.population);
        self.baselines[&identity_seed].limit(&mut self.driver, config);
        self.show(target, identity_seed, topology, phase, executions);
        let setting = Setting {
            population: &population,
            alone: None,
            topology,
            real_io: self.config().real_io,
            logs: self.config().logs,
        };
        let record = target
            .play(&mut self.driver, setting, strategy)
            .map_err(alone::broken)?;
        self.note(&record);
        Ok(record)
    }

    /// Notes what an execution shows beside its outcome.
    pub(crate) fn note(&mut self, record: &ExecutionRecord) {
        self.used_threads |= record.used_threads;
        self.was_fair = record.run.fair_from().is_some();
        self.fair += u64::from(self.was_fair);
        self.note_logs(record);
        self.note_threads();
    }

    fn note_logs(&mut self, record: &ExecutionRecord) {
        if self.config().logs && !self.saw_logs {
            let mut seen = record.trace.observations().iter();
            self.saw_logs = seen.any(|observation| observation.surface() == Surface::Log);
        }
    }

    /// From the first wake-up by a thread of the system's own on, such threads are waited for.
    fn note_threads(&mut self) {
        let threads = self.driver.take_outside();
        if !threads.is_empty() && !self.driver.waits_for_threads() && !self.config().real_io {
            alone::wait_for_unknown_threads(&mut self.driver);
        }
        self.threads.extend(threads);
    }

    pub(crate) fn judged(
        &mut self,
        target: &Arc<dyn Target>,
        identity_seed: u64,
        topology: RuntimeTopology,
        record: ExecutionRecord,
        phase: Phase,
    ) -> Result<Option<Box<Failing<'s>>>, Failure> {
        if let Ending::RealIo(message) = record.run.ending() {
            return Err(alone::real_io(message));
        }
        if let Some(defect) = record.trace.defects().first() {
            return Err(alone::unserializable(defect));
        }
        let outcome = self.baselines.get(&identity_seed).map_or_else(
            || record.trace.fingerprint(),
            |baseline| baseline.judge.outcome(&record.trace),
        );
        self.discovery
            .note(self.summary.executions, outcome, &record.run, phase);
        let mut record = record;
        let mut violations = self.judge(target, identity_seed, &record)?;
        self.note_error(identity_seed, &record);
        if !violations.is_empty()
            && let Some(ended) = self.ended_from_outside(target, identity_seed, &record)?
        {
            violations = self.judge(target, identity_seed, &ended)?;
            record = ended;
        }
        if violations.is_empty() {
            return Ok(None);
        }
        Ok(Some(Box::new(Failing {
            target: Arc::clone(target),
            tree: None,
            identity_seed,
            topology,
            record,
            violations,
            found_by: FoundBy::Phase(phase),
            raced: false,
            cold: false,
        })))
    }

    /// A deadlock is believed where nothing outside of the schedule, a thread or a peer, ends it within some real time. Where something does,
    /// the execution that ended takes its place.
    fn ended_from_outside(
        &mut self,
        target: &Arc<dyn Target>,
        identity_seed: u64,
        record: &ExecutionRecord,
    ) -> Result<Option<ExecutionRecord>, Failure> {
        let Ending::Deadlock(waiting) = record.run.ending() else {
            return Ok(None);
        };
        let is_certain = waiting
            .iter()
            .all(|waiting| waiting.wakers == 0 && waiting.tasks == 0);
        if is_certain || self.driver.waits_for_threads() || self.config().real_io {
            return Ok(None);
        }
        let schedule = record.run.schedule(identity_seed);
        let patience = alone::patience_together(&self.driver);
        self.driver.wait_for_outside(patience);
        let again = self.play_again(target, &schedule);
        self.driver.wait_for_outside(Duration::ZERO);
        let again = again?;
        if matches!(again.run.ending(), Ending::Deadlock(_)) || again.run.divergence().is_some() {
            return Ok(None);
        }
        // A peer that is slow once is waited for once.
        if !self.driver.has_peers_outside() || self.driver.waits_for_threads() {
            alone::wait_for_unknown_threads(&mut self.driver);
        }
        Ok(Some(again))
    }

    /// The target's identity seed, with everybody's solo run.
    pub(crate) fn baseline(
        &mut self,
        target: &Arc<dyn Target>,
        identity_seed: u64,
    ) -> Result<&mut Baseline, Failure> {
        if !self.baselines.contains_key(&identity_seed) {
            let current = CurrentExecution {
                target: Arc::clone(target),
                identity_seed,
                topology: RuntimeTopology::One,
                alone: Some(0),
                phase: Phase::SoloRuns,
                executions: self.summary.executions,
            };
            self.shared.set(current);
            let config = self.config();
            let baseline =
                Baseline::prepare(&**target, &mut self.driver, config, &self.rules, identity_seed)?;
            self.note_threads();
            self.summary.alone += baseline.executions;
            self.saw_logs |= baseline.saw_logs;
            let cold = baseline.cold.iter().map(|&user| crate::user::name(user));
            self.cold.extend(cold);
            self.was_together |= baseline.without_solo_runs && !self.rules.together;
            let mode = IdentityMode::of_identity_seed(identity_seed);
            if !self.summary.identities.contains(&mode) {
                self.summary.identities.push(mode);
            }
            self.baselines.insert(identity_seed, baseline);
        }
        Ok(self
            .baselines
            .get_mut(&identity_seed)
            .expect("it has just been put there"))
    }

    /// Forgets the identity seeds of the target at hand, for another is to come.
    pub(crate) fn forget_baselines(&mut self) {
        self.note_left_out();
        self.baselines.clear();
    }

    pub(crate) fn show(
        &self,
        target: &Arc<dyn Target>,
        identity_seed: u64,
        topology: RuntimeTopology,
        phase: Phase,
        executions: u64,
    ) {
        let target = Arc::clone(target);
        self.shared.set(CurrentExecution {
            target,
            identity_seed,
            topology,
            alone: None,
            phase,
            executions,
        });
    }
}
