use std::path::PathBuf;

use super::again::repeat;
use super::minimizer::{Best, minimize};
use super::noted::Noted;
use crate::report::{Caveat, Failure, Finding};
use crate::search::evidence::begun;
use crate::search::explorer::{Explorer, Failing};
use crate::search::reproducer::Reproducer;
use crate::settings;

/// Makes a failure as simple as it can, runs it again, keeps it and says all that is known of it.
pub(crate) fn finish(mut searching: Explorer<'_>, failing: Failing<'_>) -> Failure {
    searching.close_summary();
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
    let kind = violations[0].kind();
    let best = Best {
        target,
        identity_seed,
        topology,
        kind,
        record,
        violations,
    };
    let (best, shrinking) = if raced || cold {
        let shrinking = best.not_shrunk();
        (best, shrinking)
    } else {
        minimize(&mut searching, best, tree, !best_effort)
    };
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

/// Keeps the failure for the next run. The error is a caveat, for a leak is worth more than the note about it.
pub(crate) fn keep(searching: &Explorer<'_>, replay: &str) -> Result<Option<PathBuf>, Caveat> {
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
