use std::collections::BTreeSet;
use std::sync::Arc;

use super::evidence::{begun, is_clock_disturbed};
use super::explorer::Explorer;
use super::target::{ExecutionRecord, Target};
use crate::interleave::Run;
use crate::oracle::{Kind, Violation};
use crate::report::Failure;

/// How often a schedule is run again, at the most, to see whether what it showed is by chance.
const REPEATS: usize = 5;

impl Explorer<'_> {
    /// What the oracles say of an execution, without what a user may meet alone and what is by chance.
    pub(crate) fn judge(
        &mut self,
        target: &Arc<dyn Target>,
        identity_seed: u64,
        record: &ExecutionRecord,
    ) -> Result<Vec<Violation>, Failure> {
        let mut violations = self.judge_by_solo_runs(target, identity_seed, record)?;
        // The kernel may hand over late that a socket was closed.
        if self.driver.has_sockets()
            && violations.iter().any(is_residue)
            && !self.happens_again(target, identity_seed, record, &violations, is_residue)?
        {
            violations.retain(|violation| !is_residue(violation));
        }
        Ok(violations)
    }

    /// What the oracles say of an execution, without what a user may meet alone.
    ///
    /// That a user sees something else than in its solo run is an accusation of the other users. It holds only where the user
    /// does not see it alone either: when it is run again, under the same schedule of its own tasks and the same treatment of
    /// the clock, or under others.
    fn judge_by_solo_runs(
        &mut self,
        target: &Arc<dyn Target>,
        identity_seed: u64,
        record: &ExecutionRecord,
    ) -> Result<Vec<Violation>, Failure> {
        let config = self.config();
        let baseline = self.baseline(target, identity_seed)?;
        let violations = baseline.judge(record);
        if !violations.iter().any(is_interference) || baseline.without_solo_runs {
            return Ok(violations);
        }
        let is_late = is_clock_disturbed(&record.run);
        let users = target.users();
        let before = baseline.executions;
        let accused: BTreeSet<usize> = violations
            .iter()
            .filter(|violation| is_interference(violation))
            .flat_map(|violation| match violation.user_index() {
                Some(user) => user..user + 1,
                // A panic in a spawned task: whose it is cannot be known.
                None => 0..users,
            })
            .collect();
        let baseline = self
            .baselines
            .get_mut(&identity_seed)
            .expect("the baseline has just been prepared");
        for user in accused {
            baseline.check_alone(&**target, &mut self.driver, config, user, &record.run, is_late);
        }
        let mut violations = baseline.judge(record);
        self.summary.alone += baseline.executions - before;
        if self.is_racing {
            // Threads that meet once need not meet again, and their steps have no order.
            return Ok(violations);
        }
        violations.retain(|violation| may_be_interference(violation, &record.run, is_late));
        if violations.iter().any(is_interference)
            && !self.happens_again(target, identity_seed, record, &violations, is_interference)?
        {
            violations.retain(|violation| !is_interference(violation));
        }
        Ok(violations)
    }

    /// Whether some violation of a kind shows again when the schedule is run again. What never does is by chance, not by the schedule.
    fn happens_again(
        &mut self,
        target: &Arc<dyn Target>,
        identity_seed: u64,
        record: &ExecutionRecord,
        violations: &[Violation],
        is_of_kind: fn(&Violation) -> bool,
    ) -> Result<bool, Failure> {
        let is_same = |other: &Violation| {
            violations
                .iter()
                .any(|violation| is_of_kind(violation) && violation.key() == other.key())
        };
        if self.config().real_io || record.used_threads || self.driver.waits_for_threads() {
            return Ok(true);
        }
        let schedule = record.run.schedule(identity_seed);
        for _ in 0..REPEATS {
            let again = self.play_again(target, &schedule)?;
            let baseline = self.baseline(target, identity_seed)?;
            if baseline.judge(&again).iter().any(is_same) {
                return Ok(true);
            }
        }
        Ok(false)
    }
}

fn is_interference(violation: &Violation) -> bool {
    violation.kind() == Kind::Interference
}

fn is_residue(violation: &Violation) -> bool {
    violation.kind() == Kind::Residue
}

/// Whether another user was there to interfere: before the difference showed; at the same time, where the clock was late.
fn may_be_interference(violation: &Violation, run: &Run, is_late: bool) -> bool {
    let (true, Some(user)) = (is_interference(violation), violation.user_index()) else {
        return true;
    };
    let others = (0..run.polls().len()).filter(|&other| other != user);
    let mut others = others.filter_map(|other| Some((other, begun(run, other)?)));
    let own_begin = begun(run, user).unwrap_or(0);
    others.any(|(other, other_begin)| {
        other_begin <= violation.step() && (!is_late || overlaps(run, other, own_begin, violation.step()))
    })
}

/// Whether an actor's call was in flight at some step between two.
fn overlaps(run: &Run, actor: usize, first: u32, last: u32) -> bool {
    let decisions = run.decisions().iter().zip(1_u32..);
    let mut own = decisions.filter(|(decision, _)| decision.actor() == Some(actor));
    let Some((_, begin)) = own.next() else {
        return false;
    };
    let end = if run.finished().get(actor).copied().unwrap_or_default() || run.dropped()[actor] {
        own.last().map_or(begin, |(_, step)| step)
    } else {
        u32::MAX
    };
    begin <= last && first <= end
}
