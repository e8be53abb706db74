use std::sync::Arc;
use std::time::{Duration, Instant};

use super::evidence::begun;
use super::explorer::{Explorer, Failing};
use super::noted::Noted;
use super::reproducer::Reproducer;
use super::target::{ExecutionRecord, Target};
use crate::interleave::{
    Decision, Ending, Enumeration, Guided, Portfolio, Run, RuntimeTopology, Strategy, shrink,
};
use crate::oracle::{Kind, Violation};
use crate::report::Failure;
use crate::report::{Caveat, Finding, Nondeterminism, Phase, Shrinking};
use crate::settings;

/// How many attempts may go into making a schedule simpler, and how many into the inputs.
const ATTEMPTS: usize = 200;
const INPUT_ATTEMPTS: usize = 200;
const FEW_ATTEMPTS: usize = 30;
/// How long, in real time, a thread outside has to end a deadlock that was found.
const PATIENCE: Duration = Duration::from_millis(50);
/// How many executions look for the failure with simpler inputs, in each of two ways.
const LOOKS: u64 = 30;

/// Makes a failure as simple as it can, runs it again, keeps it and says all that is known of it.
pub(crate) fn finish(mut searching: Explorer<'_>, failing: Failing<'_>) -> Failure {
    searching.close_summary();
    let mut shrinking = Shrinking {
        attempts: 0,
        preemptions_before: failing.record.run.preemptions(),
        steps_before: failing.record.run.decisions().len(),
    };
    let deadline = Instant::now() + searching.time_to_shrink();
    let real_io = searching.search.config.real_io;
    let best_effort = failing.raced || real_io || failing.cold || searching.driver.waits_for_threads();
    let Failing {
        target,
        tree,
        identity_seed,
        topology,
        record,
        violations,
        found_by,
        raced,
        cold,
    } = failing;
    let mut best = Best {
        target,
        identity_seed,
        topology,
        kind: violations[0].kind(),
        record,
        violations,
    };
    if !raced && !cold {
        let budget = match best.record.run.ending() {
            // Each attempt takes real time, or goes on to the limit of steps.
            Ending::StepLimit(_) => FEW_ATTEMPTS,
            _ if real_io => FEW_ATTEMPTS,
            _ => ATTEMPTS,
        };
        let mut smaller = Minimizer {
            searching: &mut searching,
            deadline,
            attempts: 0,
        };
        if !best_effort && best.kind == Kind::Interference {
            best = smaller.leak(best);
            shrinking.preemptions_before = best.record.run.preemptions();
            shrinking.steps_before = best.record.run.decisions().len();
        }
        best = smaller.schedule(best, budget);
        if let Some(mut tree) = tree {
            best = smaller.inputs(best, &mut *tree);
            best = smaller.schedule(best, budget);
        }
        shrinking.attempts = smaller.attempts;
    }
    let decisions = best.record.run.decisions().to_vec();
    let mut noted = Noted::new(&decisions);
    let nondeterminism = if best_effort {
        None
    } else {
        repeat(&mut searching, &best, &mut noted)
    };
    let inputs = best.target.inputs();
    let schedule = best.record.run.schedule(best.identity_seed);
    let replay = Reproducer::text(&schedule, inputs.as_deref());
    let kept = if raced {
        Ok(None)
    } else {
        keep(&searching, &replay)
    };
    let kept = kept.unwrap_or_else(|caveat| {
        searching.caveats.push(caveat);
        None
    });
    let circumstances = searching.circumstances();
    searching.caveats.extend(circumstances);
    if !searching.is_outlived_told
        && let Some(caveat) = outlived(&best)
    {
        searching.caveats.push(caveat);
    }
    let left_out = searching.summary_left_out();
    let baseline = searching.baselines.get(&best.identity_seed);
    let solo = baseline.map(|baseline| baseline.seen_alone.clone());
    let solo = solo.unwrap_or_default();
    let names = (0..best.target.users()).map(crate::user::name).collect();
    Failure::found(Finding {
        violations: best.violations,
        run: best.record.run,
        steps: noted.into_notes(),
        blocked: None,
        schedule,
        trace: best.record.trace,
        solo,
        names,
        identities: crate::user::IdentityMode::of_identity_seed(best.identity_seed),
        search: searching.summary,
        found_by,
        shrinking,
        nondeterminism,
        best_effort: best_effort || best.record.used_threads || searching.driver.has_peers_outside(),
        inputs: best.target.lines(),
        replay,
        test: searching.search.test.clone(),
        kept,
        caveats: searching.caveats,
        left_out,
    })
}

/// What to say of a secret that was seen before its owner had begun.
fn outlived(best: &Best) -> Option<Caveat> {
    let violation = best.violations.first()?;
    let (user, owner) = (violation.user_index()?, violation.owner_index()?);
    let secret = violation.secret_name()?;
    let is_earlier = begun(&best.record.run, owner).is_none_or(|begun| violation.step() < begun);
    is_earlier.then(|| Explorer::outlived(user, owner, secret))
}

/// How often a failure is run again: what shows in every second run is missed once in 256 times.
fn times_again(best: &Best) -> usize {
    // To believe a deadlock takes real time.
    if matches!(best.record.run.ending(), Ending::Deadlock(_)) {
        1
    } else {
        8
    }
}

/// The simplest failing execution so far.
struct Best {
    target: Arc<dyn Target>,
    identity_seed: u64,
    topology: RuntimeTopology,
    /// What makes another execution the same failure.
    kind: Kind,
    record: ExecutionRecord,
    violations: Vec<Violation>,
}

struct Minimizer<'a, 's> {
    searching: &'a mut Explorer<'s>,
    deadline: Instant,
    attempts: usize,
}

impl Minimizer<'_, '_> {
    fn schedule(&mut self, best: Best, budget: usize) -> Best {
        let Best {
            target,
            identity_seed,
            topology,
            kind,
            record,
            violations,
        } = best;
        let mut found = (record, violations);
        let mut kind = kind;
        let first = found.0.run.clone();
        let (_, attempts) = shrink(first, budget, |list| {
            let failed = self.fails(&target, identity_seed, topology, &mut Guided::new(list), kind)?;
            let run = failed.0.run.clone();
            let simpler = crate::interleave::Cost::of(&run) < crate::interleave::Cost::of(&found.0.run);
            if simpler {
                // A leak that shows on the way is what is shrunk from then on.
                kind = failed.1[0].kind();
                found = failed;
            }
            Some(run)
        });
        self.attempts += attempts;
        Best {
            target,
            identity_seed,
            topology,
            kind,
            record: found.0,
            violations: found.1,
        }
    }

    /// A user who gets something else than alone may get what is another's: looks around for an execution that shows a secret, which says
    /// more.
    fn leak(&mut self, best: Best) -> Best {
        let target = Arc::clone(&best.target);
        match self.look(&target, best.identity_seed, &best, Kind::ContextLeak) {
            Some((record, violations)) => Best {
                kind: Kind::ContextLeak,
                record,
                violations,
                ..best
            },
            None => best,
        }
    }

    /// As proptest does: simpler for as long as it fails, less simple where it does not.
    fn inputs(&mut self, mut best: Best, tree: &mut dyn super::target_source::TargetTree) -> Best {
        let mut left = INPUT_ATTEMPTS;
        let mut changed = tree.simplify();
        while changed && left > 0 && Instant::now() < self.deadline {
            left -= 1;
            self.attempts += 1;
            let (target, identity_seed) = tree.current();
            self.searching.forget_baselines();
            changed = match self.look(&target, identity_seed, &best, best.kind) {
                Some((record, violations)) => {
                    best = Best {
                        target,
                        identity_seed,
                        topology: best.topology,
                        kind: best.kind,
                        record,
                        violations,
                    };
                    tree.simplify()
                }
                None => tree.complicate(),
            };
        }
        self.searching.forget_baselines();
        best
    }

    /// Looks for a failure of this kind, with other inputs perhaps: along the known schedule, then a little around it.
    fn look(
        &mut self,
        target: &Arc<dyn Target>,
        identity_seed: u64,
        best: &Best,
        kind: Kind,
    ) -> Option<(ExecutionRecord, Vec<Violation>)> {
        let known = best.record.run.decisions().to_vec();
        // Inputs with which a user fails alone are no simpler failure of the same kind.
        let baseline = self.searching.baseline(target, identity_seed).ok()?;
        let (shape, marks) = (Arc::clone(&baseline.shape), Arc::clone(&baseline.marks));
        if let Some(found) = self.fails(
            target,
            identity_seed,
            best.topology,
            &mut Guided::new(&known),
            kind,
        ) {
            return Some(found);
        }
        let mut enumeration = Enumeration::new(LOOKS, u32::MAX);
        while enumeration.begin(&shape) {
            if let Some(found) = self.fails(target, identity_seed, best.topology, &mut enumeration, kind) {
                return Some(found);
            }
        }
        let mut portfolio = Portfolio::new(1, LOOKS, 10).in_topology(Some(best.topology));
        portfolio.hear_marks(&marks);
        while portfolio.begin(&shape) {
            if let Some(found) = self.fails(target, identity_seed, best.topology, &mut portfolio, kind) {
                return Some(found);
            }
        }
        None
    }

    /// The execution, where it fails in the same way. One that cannot be carried out does not.
    fn fails(
        &mut self,
        target: &Arc<dyn Target>,
        identity_seed: u64,
        topology: RuntimeTopology,
        strategy: &mut dyn Strategy,
        kind: Kind,
    ) -> Option<(ExecutionRecord, Vec<Violation>)> {
        if Instant::now() >= self.deadline {
            return None;
        }
        let executions = self.searching.summary.executions;
        let record = self
            .searching
            .play(
                target,
                identity_seed,
                topology,
                strategy,
                Phase::Shrinking,
                executions,
            )
            .ok()?;
        if record.run.divergence().is_some() {
            return None;
        }
        let violations = self.searching.judge(target, identity_seed, &record).ok()?;
        violations
            .iter()
            .any(|violation| violation.kind() == kind)
            .then(|| (record, first(violations, kind)))
    }
}

/// The violations with those of one kind first, after context leaks: where one user's secret shows, it says most.
fn first(mut violations: Vec<Violation>, kind: Kind) -> Vec<Violation> {
    violations.sort_by_key(|violation| match violation.kind() {
        Kind::ContextLeak => 0,
        other if other == kind => 1,
        _ => 2,
    });
    violations
}

/// Runs the failing schedule several times more, and says where one does not do the same.
fn repeat(searching: &mut Explorer<'_>, best: &Best, noted: &mut Noted<'_>) -> Option<Nondeterminism> {
    let times = times_again(best);
    let difference = (0..times).find_map(|_| run_again(searching, best, noted));
    if difference.is_some() || times == 1 {
        return difference;
    }
    noted.fill(|noted| run_again(searching, best, noted))
}

/// Runs the failing schedule once more, to the letter.
fn play_again(
    searching: &mut Explorer<'_>,
    best: &Best,
    noted: &mut Noted<'_>,
) -> Result<ExecutionRecord, Failure> {
    // Solo runs that are still missing are not what is noted.
    searching.baseline(&best.target, best.identity_seed)?;
    if !searching.driver.waits_for_threads() {
        searching.driver.wait_for_outside(PATIENCE);
    }
    noted.begin(&mut searching.driver);
    let schedule = best.record.run.schedule(best.identity_seed);
    let again = searching.play_again(&best.target, &schedule);
    noted.end(&mut searching.driver, again.as_ref().ok().map(|again| &again.run));
    again
}

/// Runs the failing schedule once more and compares.
fn run_again(searching: &mut Explorer<'_>, best: &Best, noted: &mut Noted<'_>) -> Option<Nondeterminism> {
    let again = match play_again(searching, best, noted) {
        Ok(again) => again,
        Err(failure) => {
            let difference = format!("the second run could not be carried out: {failure}");
            return Some(Nondeterminism {
                step: 1,
                difference,
                failed_again: false,
            });
        }
    };
    if let Some(divergence) = again.run.divergence() {
        let (step, difference) = (divergence.step(), divergence.reason().to_owned());
        return Some(Nondeterminism {
            step,
            difference,
            failed_again: false,
        });
    }
    let failed_again = searching
        .baseline(&best.target, best.identity_seed)
        .is_ok_and(|baseline| {
            baseline
                .judge(&again)
                .iter()
                .any(|violation| violation.kind() == best.kind)
        });
    let has_peers_outside = searching.driver.has_peers_outside();
    // How a reply arrives, in one piece or in more, is no matter of the schedule, and no news where the failure shows again.
    if has_peers_outside && failed_again {
        return None;
    }
    let (step, difference) = first_difference(&best.record, &again)?;
    Some(Nondeterminism {
        step,
        difference,
        failed_again,
    })
}

fn first_difference(first: &ExecutionRecord, second: &ExecutionRecord) -> Option<(usize, String)> {
    let decisions = |run: &Run| -> Vec<Decision> { run.decisions().to_vec() };
    let (a, b) = (decisions(&first.run), decisions(&second.run));
    let in_decisions = (0..a.len().max(b.len()))
        .find(|&index| a.get(index) != b.get(index))
        .map(|index| {
            (
                index + 1,
                format!(
                    "the first run went on with {:?}, the second with {:?}",
                    a.get(index),
                    b.get(index)
                ),
            )
        });
    let (seen, seen_again) = (first.trace.observations(), second.trace.observations());
    let in_observations = (0..seen.len().max(seen_again.len())).find_map(|index| {
        let (a, b) = (seen.get(index), seen_again.get(index));
        let same = match (a, b) {
            (Some(a), Some(b)) => {
                let shown = |seen: &crate::trace::Observation| (seen.viewer(), seen.surface(), seen.step());
                shown(a) == shown(b) && a.repeatable_text() == b.repeatable_text()
            }
            _ => false,
        };
        if same {
            return None;
        }
        let told = |observation: Option<&crate::trace::Observation>| {
            observation.map_or_else(
                || "nothing more".to_owned(),
                |o| {
                    format!(
                        "{} {} on {}",
                        crate::user::name(o.viewer()),
                        o.text(),
                        o.surface()
                    )
                },
            )
        };
        let step = a
            .into_iter()
            .chain(b)
            .map(crate::trace::Observation::step)
            .min()
            .unwrap_or(0);
        Some((step as usize, format!("first: {}; then: {}", told(a), told(b))))
    });
    let in_ending = (first.run.ending() != second.run.ending()).then(|| {
        (
            a.len(),
            format!(
                "it ended with {:?}, then with {:?}",
                first.run.ending(),
                second.run.ending()
            ),
        )
    });
    [in_decisions, in_observations, in_ending]
        .into_iter()
        .flatten()
        .min_by_key(|(step, _)| *step)
}

/// Keeps the failure for the next run. The error is a caveat, for a leak is worth more than the note about it.
pub(super) fn keep(searching: &Explorer<'_>, replay: &str) -> Result<Option<std::path::PathBuf>, Caveat> {
    if settings::is_to_leave_no_trace() || searching.search.config.replay.is_some() {
        return Ok(None);
    }
    let Some(regressions) = searching.search.regressions() else {
        return Ok(None);
    };
    match regressions.keep(replay) {
        Ok(()) => Ok(Some(regressions.file)),
        Err(error) => Err(Caveat::NotKept {
            error: error.to_string(),
        }),
    }
}
