//! How far a check looks: what only some topologies, identity seeds, times, budgets or orders of actions show.

use std::cell::{Cell, RefCell};
use std::collections::BTreeMap;
use std::sync::{Arc, Mutex};
use std::time::Duration;

use ssot_harness::interleave::{Decision, RuntimeTopology};
use ssot_harness::prelude::*;
use tokio::task::yield_now;
use tokio::time::{Instant, sleep_until};

use crate::systems::{LONG, kinds};

/// What was written down last, by key.
type Desk = RefCell<BTreeMap<String, String>>;

/// Tasks of one runtime keep their order: only where each user has one does it show.
#[test]
fn tasks_of_two_users_change_places() {
    #[derive(Default)]
    struct Queue {
        begun: RefCell<Vec<usize>>,
        ran: Arc<Mutex<Vec<usize>>>,
    }
    let queue = || {
        isolation(async || Queue::default())
            .users(2, async |user: &User, queue: &Queue| {
                user.saw(Surface::Reply, &user.secret("own"));
                queue.begun.borrow_mut().push(user.index());
                let (index, ran) = (user.index(), Arc::clone(&queue.ran));
                tokio::spawn(async move { ran.lock().unwrap().push(index) }).await?;
                let in_order = queue.begun.borrow().starts_with(&queue.ran.lock().unwrap());
                user.saw(Surface::Row, &in_order);
                Ok(())
            })
            .within(LONG)
            .without_regressions()
    };
    let mut is_enumerated = false;
    for seed in 0..10 {
        let failure = queue().seed(seed).check().unwrap_err();
        assert_eq!(failure.violations()[0].kind(), Kind::Interference, "{failure}");
        let topology = failure.schedule().unwrap().layout();
        assert_ne!(topology, RuntimeTopology::One, "{failure}");
        is_enumerated |=
            topology == RuntimeTopology::PerActor && failure.to_string().contains("enumeration, after");
    }
    // Where chance was not quicker.
    assert!(is_enumerated);
    queue().layout(RuntimeTopology::One).check().unwrap();
}

/// Two timers that are never due at once where each fires on time.
#[test]
fn timers_may_be_late() {
    let turns = || {
        isolation(async || RefCell::new(BTreeMap::new()))
            .users(
                2,
                async |user: &User, waiting: &RefCell<BTreeMap<usize, Instant>>| {
                    user.saw(Surface::Reply, &user.secret("own"));
                    let due = Instant::now() + Duration::from_millis(10 + 5 * user.index() as u64);
                    waiting.borrow_mut().insert(user.index(), due);
                    sleep_until(due).await;
                    waiting.borrow_mut().remove(&user.index());
                    let overtook = waiting.borrow().values().any(|&other| other < due);
                    user.saw(Surface::Row, &overtook);
                    Ok(())
                },
            )
            .cancellations(0)
            .within(LONG)
            .without_regressions()
    };
    assert_eq!(kinds(turns().check()), ["interference"]);
    turns().lateness(Duration::from_millis(2)).check().unwrap();
}

#[test]
fn a_ready_await_may_be_interrupted() {
    let verdict = isolation(async || Cell::new(0))
        .users(2, async |user: &User, slot: &Cell<usize>| {
            user.saw(Surface::Reply, &user.secret("own"));
            slot.set(user.index());
            let (tell, told) = tokio::sync::oneshot::channel();
            tell.send(()).expect("it is received below");
            told.await?;
            user.saw(Surface::Row, &(slot.get() == user.index()));
            Ok(())
        })
        .within(LONG)
        .without_regressions()
        .check();
    assert_eq!(kinds(verdict), ["interference"]);
}

/// Who has its call dropped goes on with its next action, and between two actions anything may happen.
#[test]
fn generated_actions_follow_each_other() {
    let between = isolation(async || RefCell::new(Vec::new()))
        .generated(
            2..=2,
            |_: &User| proptest::collection::vec(proptest::strategy::Just(()), 2),
            async move |user: &User, log: &RefCell<Vec<usize>>, (): ()| {
                // It awaits nothing.
                user.saw(Surface::Reply, &user.secret("own"));
                log.borrow_mut().push(user.index());
                user.saw(Surface::Row, &(*log.borrow() == [0, 1, 0]));
                Ok(())
            },
        )
        .within(LONG)
        .without_regressions();
    let failure = between.check().unwrap_err();
    assert_eq!(failure.preemptions(), Some(2), "{failure}");
    let dropped = isolation(async || RefCell::new(0))
        .generated(
            2..=2,
            |_: &User| proptest::collection::vec(proptest::strategy::Just(()), 2),
            async |user: &User, held: &RefCell<usize>, (): ()| {
                user.saw(Surface::Reply, &user.secret("own"));
                *held.borrow_mut() += 1;
                yield_now().await;
                *held.borrow_mut() -= 1;
                Ok(())
            },
        )
        .inspect(|held| *held.borrow())
        .within(LONG)
        .without_regressions();
    let failure = dropped.check().unwrap_err();
    assert_eq!(failure.violations()[0].kind(), Kind::Residue, "{failure}");
    let schedule = failure.schedule().unwrap().decisions();
    let at = schedule
        .iter()
        .position(|decision| matches!(decision, Decision::Drop { .. }))
        .expect("only a dropped call leaves anything");
    let user = schedule[at].actor();
    assert!(
        schedule[at + 1..].iter().any(|decision| decision.actor() == user),
        "{failure}"
    );
}

#[test]
fn what_does_not_end_in_company_is_a_hang() {
    let verdict = isolation(async || Cell::new(0))
        .users(2, async |user: &User, here: &Cell<u32>| {
            user.saw(Surface::Reply, &user.secret("own"));
            here.set(here.get() + 1);
            yield_now().await;
            while here.get() == 2 {
                yield_now().await;
            }
            here.set(here.get() - 1);
            Ok(())
        })
        .steps(200)
        .within(LONG)
        .without_regressions()
        .check();
    assert_eq!(kinds(verdict), ["hang"]);
}

/// The same seed gives the same executions, and another gives others.
#[test]
fn the_seed_decides_which_executions_there_are() {
    let order = |seed| {
        let order = Arc::new(Mutex::new(Vec::new()));
        let told = Arc::clone(&order);
        isolation(async || ())
            .users(3, async move |user: &User, (): &()| {
                user.saw(Surface::Reply, &user.secret("own"));
                for _ in 0..4 {
                    told.lock().unwrap().push(user.index());
                    yield_now().await;
                }
                Ok(())
            })
            .seed(seed)
            .executions(300)
            .within(LONG)
            .without_regressions()
            .check()
            .unwrap();
        std::mem::take(&mut *order.lock().unwrap())
    };
    assert_eq!(order(1), order(1));
    assert_ne!(order(1), order(2));
}

/// The same where users must meet, with actions that were generated.
#[test]
fn identity_modes_are_searched_for_generated_actions_too() {
    let desk = |modes: &[IdentityMode]| {
        isolation(async || Desk::default())
            .generated(
                2..=3,
                |user: &User| proptest::collection::vec(proptest::strategy::Just(user.secret("note")), 1),
                async |user: &User, desk: &Desk, note: String| {
                    let key = user.context().thread.to_string();
                    desk.borrow_mut().insert(key.clone(), note.clone());
                    user.saw(Surface::Reply, &note);
                    yield_now().await;
                    user.saw(Surface::Row, &desk.borrow().get(&key));
                    Ok(())
                },
            )
            .identities(modes.iter().copied())
            .executions(603)
            .without_solo_comparison()
            .within(LONG)
            .without_regressions()
            .check()
    };
    let report = desk(&[IdentityMode::Distinct, IdentityMode::LookAlike]).unwrap();
    assert_eq!(
        report.executions(),
        603,
        "they are divided among the inputs to the last"
    );
    assert!(report.certificate().is_none(), "it would be for some inputs only");
    assert_eq!(kinds(desk(&IdentityMode::ALL)), ["context-leak"]);
}

/// And what it finds in many steps is made as simple as it can be.
#[test]
fn chance_looks_into_every_identity_seed() {
    let verdict = isolation(async || Desk::default())
        .users(3, async |user: &User, desk: &Desk| {
            let key: String = user.id().chars().take(6).collect();
            for _ in 0..5 {
                yield_now().await;
            }
            desk.borrow_mut().insert(key.clone(), user.secret("note"));
            user.saw(Surface::Reply, &user.secret("note"));
            yield_now().await;
            user.saw(Surface::Row, &desk.borrow().get(&key));
            Ok(())
        })
        .within(LONG)
        .without_regressions()
        .check();
    let failure = verdict.expect_err("look-alike ids begin with each other");
    assert_eq!(failure.preemptions(), Some(1), "{failure}");
}
