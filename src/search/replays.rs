use std::sync::Arc;

use super::explorer::{Explorer, Failing, Stop};
use super::phases::judge_cold;
use super::reproducer::Reproducer;
use super::sample::Sample;
use super::target::{ExecutionRecord, Target};
use crate::interleave::{Guided, Replay, Schedule, Strategy};
use crate::oracle::Violation;
use crate::report::{Caveat, FoundBy, Phase, Portion};
use crate::report::{Failure, FailureKind};

impl<'s> Explorer<'s> {
    /// One schedule, to the letter.
    pub(crate) fn replay(&mut self, text: &str) -> Result<(), Stop<'s>> {
        let refuse = |what: String| {
            Failure::refused(
                FailureKind::Replay,
                what,
                "take the text as a failure of this very check printed it; where the code has changed since, search again",
            )
        };
        let kept =
            Reproducer::parse(text, &*self.search.targets).map_err(|error| refuse(error.to_string()))?;
        let (identity_seed, topology) = (kept.schedule.identity_seed(), kept.schedule.layout());
        let mut strict = Replay::new(kept.schedule.clone());
        let mut guided = Guided::new(kept.schedule.decisions()).patiently();
        self.baseline(&kept.target, identity_seed)?;
        let is_best_effort =
            self.config().real_io || self.driver.waits_for_threads() || self.driver.has_peers_outside();
        let strategy: &mut dyn Strategy = if is_best_effort { &mut guided } else { &mut strict };
        // Before anybody is alone, as in the process in which it failed: something may outlive an execution.
        let (population, cold) = self.play_cold(
            &kept.target,
            identity_seed,
            topology,
            &mut Guided::new(kept.schedule.decisions()).patiently(),
        )?;
        let violations = judge_cold(population, &self.rules, &cold);
        let record = self.play(&kept.target, identity_seed, topology, strategy, Phase::Replay, 1)?;
        self.summary.executions = 1;
        self.count(Portion::Phase(Phase::Replay));
        let is_leak = |violation: &Violation| violation.secret().is_some();
        if violations.iter().any(is_leak) && !self.baselines[&identity_seed].cold.is_empty() {
            return Err(Stop::Found(Box::new(Failing {
                target: Arc::clone(&kept.target),
                tree: None,
                identity_seed,
                topology,
                record: cold,
                violations,
                found_by: FoundBy::Phase(Phase::Replay),
                raced: false,
                cold: true,
            })));
        }
        if let Some(divergence) = record.run.divergence() {
            return Err(refuse(divergence.to_string()).into());
        }
        let (done, asked) = (record.run.decisions().len(), kept.schedule.decisions().len());
        if done < asked && !is_best_effort {
            let what = format!(
                "the schedule does not fit at step {}: everybody has ended, and {} decisions are left",
                done + 1,
                asked - done
            );
            return Err(refuse(what).into());
        }
        match self.judged(&kept.target, identity_seed, topology, record, Phase::Replay)? {
            Some(failing) => Err(Stop::Found(failing)),
            None => Ok(()),
        }
    }

    /// Runs a schedule once more: to the letter, or, where peers are outside of the process, as far as it fits, for how many polls it takes
    /// to read a reply is not the schedule's to say.
    pub(crate) fn play_again(
        &mut self,
        target: &Arc<dyn Target>,
        schedule: &Schedule,
    ) -> Result<ExecutionRecord, Failure> {
        let (mut strict, mut guided) = (
            Replay::new(schedule.clone()),
            Guided::new(schedule.decisions()).patiently(),
        );
        let strategy: &mut dyn Strategy = if self.driver.has_peers_outside() {
            &mut guided
        } else {
            &mut strict
        };
        let executions = self.summary.executions;
        self.play(
            target,
            schedule.identity_seed(),
            schedule.layout(),
            strategy,
            Phase::Replay,
            executions,
        )
    }

    /// Runs schedules that passed once more, for what does not do the same twice cannot be relied on.
    pub(crate) fn sample_again(&mut self) -> Result<(), Stop<'s>> {
        if self.config().real_io {
            return Ok(());
        }
        if !self.cold.is_empty() || self.driver.waits_for_threads() {
            self.summary.certificate = None;
        }
        if self.driver.waits_for_threads() {
            // Said already.
            return Ok(());
        }
        if self.used_threads {
            self.summary.certificate = None;
            self.caveats.push(if self.driver.has_sockets() {
                Caveat::BlockingThreadsWithSockets
            } else {
                Caveat::BlockingThreads
            });
        }
        if self.driver.has_peers_outside() {
            self.summary.certificate = None;
            // What a peer does is no matter of the schedule, and was said already.
            return Ok(());
        }
        let mut samples = std::mem::take(&mut self.samples);
        if self.summary.inputs > 0 {
            // Each is of other inputs, with solo runs of their own to be made first.
            samples.truncate(1);
            self.forget_baselines();
        }
        for sample in samples {
            if let Some(difference) = self.difference(sample)? {
                // That every schedule was run means nothing where a schedule does not decide what happens.
                self.summary.certificate = None;
                self.caveats.push(Caveat::Nondeterministic { difference });
                break;
            }
        }
        Ok(())
    }

    /// What a schedule does this time that it did not do before.
    fn difference(&mut self, sample: Sample) -> Result<Option<String>, Failure> {
        let Sample {
            target,
            schedule,
            fingerprint,
        } = sample;
        let record = self.play_again(&target, &schedule)?;
        Ok(match record.run.divergence() {
            Some(divergence) => Some(divergence.to_string()),
            None if record.run.decisions() != schedule.decisions() => {
                Some("it took other steps to its end".to_owned())
            }
            None if record.trace.fingerprint() != fingerprint => Some("users saw something else".to_owned()),
            None => None,
        })
    }
}
