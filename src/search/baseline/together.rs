use std::sync::Arc;

use super::state::{Baseline, MOST_SPINS};
use crate::interleave::{Driver, Ending, RuntimeTopology, Serial};
use crate::oracle::{Rules, ScriptOutcome};
use crate::report::{Failure, FailureKind};
use crate::search::alone;
use crate::search::config::CheckConfig;
use crate::search::evidence::of_record;
use crate::search::target::{ExecutionRecord, Setting, Target};
use crate::user::Population;

impl Baseline {
    /// The baseline of a check in which nobody is alone: the users one after another, as far as they let each other.
    pub(super) fn together(
        target: &dyn Target,
        driver: &mut Driver,
        config: &CheckConfig,
        rules: &Rules,
        population: Arc<Population>,
    ) -> Result<Self, Failure> {
        let mut baseline = Self::new(target, config, rules, population);
        baseline.without_solo_runs = true;
        let setting = Setting {
            population: &Arc::clone(&baseline.population),
            alone: None,
            topology: RuntimeTopology::One,
            real_io: config.real_io,
            logs: config.logs,
        };
        driver.limit_steps(config.steps);
        driver.be_fair_after(Some(1_000));
        driver.drain_at_most(Some(alone::DRAIN));
        let mut record = target.play(driver, setting, &mut Serial);
        if alone::wants_local_tasks(&record) {
            driver.with_local_tasks(true);
            record = target.play(driver, setting, &mut Serial);
        }
        let record = record.map_err(alone::broken)?;
        baseline.executions = 1;
        if let Some(refusal) = refusal_together(&baseline.population, &record) {
            return Err(refusal);
        }
        let mut shape = (*baseline.shape).clone();
        let most = if record.run.fair_from().is_some() {
            MOST_SPINS
        } else {
            u32::MAX
        };
        shape.polls = record
            .run
            .polls()
            .iter()
            .map(|&polls| polls.clamp(1, most))
            .collect();
        baseline.note_shape(&mut shape, &record);
        baseline.shape = Arc::new(shape);
        of_record(&record, None, |evidence| baseline.judge.learn_together(evidence));
        Ok(baseline)
    }
}

/// Why the first execution with everybody there is no baseline, if it is so. That it does not end is for the search to find.
fn refusal_together(population: &Population, record: &ExecutionRecord) -> Option<Failure> {
    let refuse = |what: String, remedy: &str| Some(Failure::refused(FailureKind::Alone, what, remedy));
    if let Some(defect) = record.trace.defects().first() {
        return Some(alone::unserializable(defect));
    }
    match record.run.ending() {
        Ending::RealIo(message) => return Some(alone::real_io(message)),
        Ending::Panicked { actor, panic } => {
            return refuse(
                format!(
                    "{}'s script panics when the users come one after another: {panic}",
                    population.identity(*actor).name()
                ),
                "mend the script, or the fault that it meets in the simplest order; isolation is the question after that",
            );
        }
        _ => {}
    }
    let mut script_outcomes = record.script_outcomes.iter().enumerate();
    script_outcomes.find_map(|(user, script_outcome)| match script_outcome {
        ScriptOutcome::Failed(error) => refuse(
            format!(
                "{}'s script returns an error when the users come one after another: {error}",
                population.identity(user).name()
            ),
            "handle errors that are expected within the script, and record them with `user.saw(Surface::Error, ..)`",
        ),
        _ => None,
    })
}
