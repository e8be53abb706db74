use std::collections::{BTreeMap, BTreeSet, VecDeque};
use std::sync::Arc;
use std::time::{Duration, Instant};

use super::alone;
use super::baseline::Baseline;
use super::config::{CheckConfig, Enough};
use super::discovery::Discovery;
use super::regressions::Regressions;
use super::sample::{SAMPLES, Sample};
use super::shared::{CurrentExecution, Shared};
use super::target::{ExecutionRecord, Setting, Target};
use super::target_source::{TargetSource, TargetTree};
use crate::interleave::{Driver, Ending, RuntimeTopology, Strategy};
use crate::oracle::{LeftOut, Rules, Violation};
use crate::report::{Caveat, FoundBy, Passed, Phase, Portion, SearchSummary, Settled, TestPath};
use crate::report::{Failure, Report};
use crate::trace::Surface;
use crate::user::IdentityMode;

/// Everything that a check was told.
pub(crate) struct CheckPlan {
    pub(crate) targets: Arc<dyn TargetSource>,
    pub(crate) config: CheckConfig,
    pub(crate) test: Option<TestPath>,
}

/// An execution in which an oracle found something.
pub(crate) struct Failing<'t> {
    pub(crate) target: Arc<dyn Target>,
    /// Where the inputs came from, if they can be made simpler.
    pub(crate) tree: Option<Box<dyn TargetTree + 't>>,
    pub(crate) identity_seed: u64,
    pub(crate) topology: RuntimeTopology,
    pub(crate) record: ExecutionRecord,
    pub(crate) violations: Vec<Violation>,
    pub(crate) found_by: FoundBy,
    /// Real threads were at play.
    pub(crate) raced: bool,
    /// It was found before any user was alone under its identity seed, and nothing under that identity seed is as it was then.
    pub(crate) cold: bool,
}

/// Why a search stops before its end.
pub(crate) enum Stop<'t> {
    Found(Box<Failing<'t>>),
    Failed(Failure),
}

impl From<Failure> for Stop<'_> {
    fn from(failure: Failure) -> Self {
        Self::Failed(failure)
    }
}

/// A search under way.
#[expect(
    clippy::struct_excessive_bools,
    reason = "each is one thing that a search notices by itself"
)]
pub(crate) struct Explorer<'s> {
    pub(crate) search: &'s CheckPlan,
    pub(crate) shared: &'s Shared,
    pub(crate) driver: Driver,
    pub(crate) rules: Rules,
    pub(crate) summary: SearchSummary,
    pub(crate) caveats: Vec<Caveat>,
    /// The identity seeds of the target at hand.
    pub(crate) baselines: BTreeMap<u64, Baseline>,
    discovery: Discovery,
    begun: Instant,
    pub(crate) out_of_time: bool,
    /// Schedules that passed, to be run again at the end.
    pub(crate) samples: VecDeque<Sample>,
    /// In some execution there were threads at work.
    pub(crate) used_threads: bool,
    /// The names of threads of the system's own that woke users.
    pub(crate) threads: BTreeSet<String>,
    /// Users whose first solo run took a course of its own, by name.
    pub(crate) cold: BTreeSet<String>,
    /// Some user was never alone, although the test did not say so.
    pub(crate) was_together: bool,
    /// What was left out of comparisons.
    left_out: BTreeSet<LeftOut>,
    /// Some log event was seen by somebody.
    saw_logs: bool,
    /// The first error of a script that was compared with nothing, though every call ran to its end: by whom, what, and how many
    /// executions had one.
    pub(super) uncompared_error: Option<(String, String, u64)>,
    /// Executions that came to a fair end.
    fair: u64,
    /// Whether the last one did.
    pub(crate) was_fair: bool,
    /// The execution at hand races pairs of threads.
    pub(crate) is_racing: bool,
    /// A caveat says already that something outlives an execution.
    pub(crate) is_outlived_told: bool,
}

impl CheckPlan {
    pub(crate) fn regressions(&self) -> Option<Regressions> {
        if !self.config.keep {
            return None;
        }
        self.test.as_ref().map(Regressions::of)
    }
}

impl<'s> Explorer<'s> {
    pub(crate) fn new(search: &'s CheckPlan, shared: &'s Shared) -> Self {
        let mut driver = Driver::new();
        driver.show_progress(Arc::clone(&shared.progress));
        driver.allow_drops(search.config.cancellations);
        if let Some(outside) = search.config.sockets {
            driver.with_sockets(outside);
        }
        let summary = SearchSummary {
            seed: search.config.seed,
            shard: search.config.shard,
            users: *search.targets.users().end(),
            ..SearchSummary::default()
        };
        Self {
            search,
            shared,
            driver,
            rules: search.config.rules(),
            summary,
            caveats: Vec::new(),
            baselines: BTreeMap::new(),
            discovery: Discovery::default(),
            begun: Instant::now(),
            out_of_time: false,
            samples: VecDeque::new(),
            used_threads: false,
            threads: BTreeSet::new(),
            cold: BTreeSet::new(),
            was_together: false,
            left_out: BTreeSet::new(),
            saw_logs: false,
            uncompared_error: None,
            fair: 0,
            was_fair: false,
            is_racing: false,
            is_outlived_told: false,
        }
    }

    pub(crate) fn config(&self) -> &'s CheckConfig {
        &self.search.config
    }

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
        let violations = self.judge(target, identity_seed, &record)?;
        self.note_error(identity_seed, &record);
        if violations.is_empty() || !self.is_believed(target, identity_seed, &record)? {
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

    /// A deadlock is believed where nothing outside of the schedule, a thread or a peer, ends it within some real time.
    fn is_believed(
        &mut self,
        target: &Arc<dyn Target>,
        identity_seed: u64,
        record: &ExecutionRecord,
    ) -> Result<bool, Failure> {
        let Ending::Deadlock(waiting) = record.run.ending() else {
            return Ok(true);
        };
        let is_certain = waiting
            .iter()
            .all(|waiting| waiting.wakers == 0 && waiting.tasks == 0);
        if is_certain || self.driver.waits_for_threads() || self.config().real_io {
            return Ok(true);
        }
        let schedule = record.run.schedule(identity_seed);
        let patience = alone::patience_together(&self.driver);
        self.driver.wait_for_outside(patience);
        let again = self.play_again(target, &schedule);
        self.driver.wait_for_outside(Duration::ZERO);
        let again = again?;
        let lasts = matches!(again.run.ending(), Ending::Deadlock(_));
        if !lasts && again.run.divergence().is_none() {
            // A peer that is slow once is waited for once.
            if !self.driver.has_peers_outside() || self.driver.has_heard_threads() {
                alone::wait_for_unknown_threads(&mut self.driver);
            }
            return Ok(false);
        }
        Ok(true)
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

    fn note_left_out(&mut self) {
        let left_out = self.baselines.values().flat_map(Baseline::left_out);
        self.left_out.extend(left_out);
    }

    pub(crate) fn saw_logs(&self) -> bool {
        self.saw_logs
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

    pub(crate) fn count(&mut self, portion: Portion) {
        let portions = &mut self.summary.portions;
        match portions.iter_mut().find(|(known, _)| *known == portion) {
            Some((_, count)) => *count += 1,
            None => portions.push((portion, 1)),
        }
    }

    /// Counts orders of steps from now on, for a target with this identity seed.
    pub(crate) fn count_orders(
        &mut self,
        target: &Arc<dyn Target>,
        identity_seed: u64,
    ) -> Result<(), Failure> {
        let shape = Arc::clone(&self.baseline(target, identity_seed)?.shape);
        self.discovery.count_orders(&shape);
        Ok(())
    }

    /// Why the search may stop, where executions have shown little that was new.
    pub(crate) fn has_settled(&self) -> Option<Settled> {
        match self.config().enough {
            Enough::All => None,
            Enough::Unlikely => {
                let is_unlikely = self.summary.inputs == 0 && self.discovery.is_unlikely();
                is_unlikely.then_some(Settled::NewIsUnlikely)
            }
            Enough::Quiet(executions) => {
                let is_quiet = self.discovery.quiet(self.summary.executions) >= executions;
                is_quiet.then_some(Settled::NothingNew)
            }
        }
    }

    pub(crate) fn time_is_up(&mut self) -> bool {
        self.out_of_time |= self.begun.elapsed() >= self.config().within;
        self.out_of_time
    }

    pub(crate) fn report(mut self) -> Report {
        self.close_summary();
        self.caveats.extend(self.circumstances());
        if self.out_of_time && !self.config().soak {
            self.caveats.push(Caveat::OutOfTime {
                within: self.config().within,
                executions: self.summary.executions,
                planned: self.config().executions,
            });
        }
        let left_out = self.summary_left_out();
        let test = self.search.test.as_ref().map(|test| test.path().to_owned());
        Report::new(Passed {
            search: self.summary,
            test,
            caveats: self.caveats,
            left_out,
        })
    }

    pub(crate) fn summary_left_out(&mut self) -> Vec<LeftOut> {
        self.note_left_out();
        std::mem::take(&mut self.left_out).into_iter().collect()
    }

    pub(crate) fn close_summary(&mut self) {
        self.summary.fair = self.fair;
        self.summary.elapsed = self.begun.elapsed();
        self.discovery.close(&mut self.summary);
    }

    /// How long there is to make a failure smaller: as long as the search took, and at least five seconds.
    pub(crate) fn time_to_shrink(&self) -> Duration {
        self.begun.elapsed().max(Duration::from_secs(5))
    }
}
