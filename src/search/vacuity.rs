use std::collections::BTreeMap;
use std::sync::{Mutex, PoisonError};

/// After so many plans in which a user took part and saw no secret of its own, it is no coincidence.
const ENOUGH: u32 = 32;

/// What a test's plans have come to, by the test's types: for each user, how many plans it was blind in since it last
/// was not.
///
/// One plan that a strategy draws may well have no secret in it, and `proptest!` hands over one at a time: only all of
/// them together can be vacuous.
static BLIND: Mutex<BTreeMap<String, Vec<Option<u32>>>> = Mutex::new(BTreeMap::new());

/// Takes down one plan. A user who has not seen a secret of its own in any of many is returned.
pub(crate) fn of_plan(test: &str, users: usize, blind: &[usize]) -> Option<usize> {
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
