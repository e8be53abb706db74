//! Checks that could not have found anything, and so do not pass.

use std::collections::BTreeMap;
use std::sync::{Arc, Mutex, PoisonError};

use crate::interleave::Shard;
use crate::report::{Caveat, Failure, FailureKind};
use crate::search::explorer::{Explorer, Stop};
use crate::search::target::Target;
use crate::search::target_source::PlanOf;

/// After so many plans in which a user took part and saw no secret of its own, it is no coincidence.
const ENOUGH: u32 = 32;

/// What a test's plans have come to, by the test's types: for each user, how many plans it was blind in since it last
/// was not.
///
/// One plan that a strategy draws may well have no secret in it, and `proptest!` hands over one at a time: only all of
/// them together can be vacuous.
static BLIND: Mutex<BTreeMap<String, Vec<Option<u32>>>> = Mutex::new(BTreeMap::new());

/// Takes down one plan. A user who has not seen a secret of its own in any of many is returned.
fn of_plan(test: &str, users: usize, blind: &[usize]) -> Option<usize> {
    let mut tests = BLIND.lock().unwrap_or_else(PoisonError::into_inner);
    let tally = tests.entry(test.to_owned()).or_default();
    if tally.len() < users {
        tally.resize(users, Some(0));
    }
    for (user, blind_in) in tally.iter_mut().enumerate().take(users) {
        if !blind.contains(&user) {
            *blind_in = None;
        } else if let Some(plans) = blind_in {
            *plans += 1;
        }
    }
    tally
        .iter()
        .position(|blind_in| blind_in.is_some_and(|plans| plans >= ENOUGH))
}

/// Refuses a check in which somebody never sees a secret of its own.
pub(super) fn own_secrets<'s>(
    explorer: &mut Explorer<'s>,
    target: &Arc<dyn Target>,
    identity_seed: u64,
) -> Result<(), Stop<'s>> {
    explorer.baseline(target, identity_seed)?;
    let baseline = &explorer.baselines[&identity_seed];
    let is_alone = if baseline.without_solo_runs { "" } else { ", alone" };
    if let Some(&user) = baseline.judge.blind_users().first() {
        let name = baseline.population.identity(user).name();
        let what = format!("{name} never saw a secret of its own on any surface{is_alone}");
        return Err(vacuous(&what).into());
    }
    let is_compared = explorer.rules.compare_alone && !baseline.without_solo_runs;
    match baseline.judge.uncompared_users().first() {
        Some(&user) if is_compared => {
            let name = baseline.population.identity(user).name();
            Err(Failure::refused(
                FailureKind::Vacuous,
                format!(
                    "vacuous: everything that {name} sees alone may differ by `.allow(..)` or `.may_differ(..)`, so that nothing is compared"
                ),
                "declare what differs more narrowly, by surface and JSON pointer; where nothing is to be compared, say so with                      `.without_solo_comparison()`; what is shared on purpose is declared with `.shared(..)`",
            )
            .into())
        }
        _ => Ok(()),
    }
}

/// The same for one plan of many.
pub(super) fn own_secrets_in_time<'s>(
    explorer: &mut Explorer<'s>,
    target: &Arc<dyn Target>,
    plan: &PlanOf,
) -> Result<(), Stop<'s>> {
    explorer.baseline(target, plan.identity_seed)?;
    let blind = explorer.baselines[&plan.identity_seed].judge.blind_users();
    if blind.len() == target.users() {
        explorer.caveats.push(Caveat::NoSecretInPlan);
    }
    match of_plan(&plan.test, target.users(), &blind) {
        None => Ok(()),
        Some(user) => {
            let name = crate::user::name(user);
            Err(vacuous(&format!("in none of many plans {name} saw a secret of its own")).into())
        }
    }
}

/// A check that looked at nothing does not pass.
pub(super) fn ran_nothing(shard: Shard) -> Failure {
    if shard == Shard::WHOLE {
        let what = "vacuous: not one execution was run, so that nothing can have been found";
        let remedy = "give the check more time (`.within(..)`, SSOT_WITHIN) or executions (`.executions(..)`, SSOT_EXECUTIONS)";
        return Failure::refused(FailureKind::Vacuous, what, remedy);
    }
    Failure::refused(
        FailureKind::Vacuous,
        format!("vacuous: shard {shard} of this search has not one execution"),
        "share the search among fewer machines (SSOT_SHARD), or give it more executions",
    )
}

pub(super) fn vacuous(what: &str) -> Failure {
    Failure::refused(
        FailureKind::Vacuous,
        format!("vacuous: {what}; the check could not have found anything"),
        "let each script hand the system a secret (`user.secret(..)`) and tell where it comes back (`user.saw(..)`)",
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn who_is_blind_in_every_plan_is_found_out() {
        assert!((1..ENOUGH).all(|_| of_plan("one", 2, &[1]).is_none()));
        assert_eq!(of_plan("one", 2, &[1]), Some(1));
    }

    #[test]
    fn one_sight_is_enough_and_tests_are_apart() {
        assert_eq!(of_plan("two", 2, &[0]), None);
        assert_eq!(of_plan("two", 2, &[]), None);
        assert!((0..2 * ENOUGH).all(|_| of_plan("two", 2, &[0, 1]).is_none()));
        assert!((1..ENOUGH).all(|_| of_plan("three", 2, &[0]).is_none()));
    }
}
