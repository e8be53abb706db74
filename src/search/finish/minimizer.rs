use std::sync::Arc;
use std::time::Instant;

use crate::interleave::{Cost, Ending, Enumeration, Guided, Portfolio, RuntimeTopology, Strategy, shrink};
use crate::oracle::{Kind, Violation};
use crate::report::{Phase, Shrinking};
use crate::search::explorer::Explorer;
use crate::search::target::{ExecutionRecord, Target};
use crate::search::target_source::TargetTree;

/// How many attempts may go into making a schedule simpler, and how many into the inputs.
const ATTEMPTS: usize = 200;
const INPUT_ATTEMPTS: usize = 200;
const FEW_ATTEMPTS: usize = 30;
/// How many executions look for a failure of some kind around a schedule, in each of two ways.
const LOOKS: u64 = 30;

/// The simplest failing execution so far.
pub(super) struct Best {
    pub(super) target: Arc<dyn Target>,
    pub(super) identity_seed: u64,
    pub(super) topology: RuntimeTopology,
    /// What makes another execution the same failure.
    pub(super) kind: Kind,
    pub(super) record: ExecutionRecord,
    pub(super) violations: Vec<Violation>,
}

impl Best {
    pub(super) fn not_shrunk(&self) -> Shrinking {
        Shrinking {
            attempts: 0,
            preemptions_before: self.record.run.preemptions(),
            steps_before: self.record.run.decisions().len(),
        }
    }
}

/// Makes a failure as simple as it can: the schedule, then the inputs, then the schedule again. Where a schedule decides, and none was asked
/// for, one that shows a secret is looked for first.
pub(super) fn minimize(
    searching: &mut Explorer<'_>,
    mut best: Best,
    tree: Option<Box<dyn TargetTree + '_>>,
    is_exact: bool,
) -> (Best, Shrinking) {
    let budget = match best.record.run.ending() {
        // Each attempt takes real time, or runs up to the limit of steps.
        Ending::StepLimit(_) => FEW_ATTEMPTS,
        _ if searching.search.config.real_io => FEW_ATTEMPTS,
        _ => ATTEMPTS,
    };
    let deadline = Instant::now() + searching.time_to_shrink();
    let mut minimizer = Minimizer {
        searching,
        deadline,
        attempts: 0,
    };
    let is_asked_for = minimizer.searching.search.config.replay.is_some();
    if is_exact && !is_asked_for && best.kind == Kind::Interference {
        best = minimizer.leak(best);
    }
    let mut shrinking = best.not_shrunk();
    best = minimizer.schedule(best, budget);
    if let Some(mut tree) = tree {
        best = minimizer.inputs(best, &mut *tree);
        best = minimizer.schedule(best, budget);
    }
    shrinking.attempts = minimizer.attempts;
    (best, shrinking)
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
            let simpler = Cost::of(&run) < Cost::of(&found.0.run);
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
    fn inputs(&mut self, mut best: Best, tree: &mut dyn TargetTree) -> Best {
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
