//! What a schedule does not decide is told.

use std::collections::HashSet;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Mutex};

use ssot_harness::prelude::*;
use tokio::task::yield_now;

use crate::systems::{LONG, OneNote, is_told};

/// A leak whose schedule depends on the order of a `HashSet`.
#[test]
fn a_schedule_that_does_not_do_the_same_again_is_called_nondeterministic() {
    let mut named = 0;
    for seed in 0..10 {
        let verdict = isolation(async || OneNote::default())
            .users(2, async |user: &User, notes: &OneNote| {
                user.saw(Surface::Row, &user.secret("own"));
                let order: HashSet<u32> = (0..32).collect();
                // As many awaits as the first of them says.
                for _ in 0..*order.iter().next().unwrap() {
                    yield_now().await;
                }
                let note = notes.swap(&user.secret("own")).await;
                user.saw(Surface::Reply, &note);
                Ok(())
            })
            .seed(seed)
            .without_solo_comparison()
            .within(LONG)
            .without_regressions()
            .check();
        let failure = verdict.expect_err("the note leaks all the same");
        named += usize::from(failure.is_nondeterministic());
        if failure.is_nondeterministic() {
            assert!(failure.to_string().contains("HashMap"), "{failure}");
        }
    }
    assert!(named >= 9, "{named} of 10");
}

#[test]
fn a_sound_system_that_is_not_deterministic_passes_with_a_caveat() {
    // With as many users that all take the same number of steps again is next to impossible.
    let report = isolation(async || ())
        .users(4, async |user: &User, (): &()| {
            user.saw(Surface::Reply, &user.secret("own"));
            let order: HashSet<u32> = (0..32).collect();
            for _ in 0..*order.iter().next().unwrap() {
                yield_now().await;
            }
            Ok(())
        })
        .cancellations(0)
        .within(LONG)
        .without_regressions()
        .check()
        .unwrap();
    assert!(is_told(&report, "nondeterministic"), "{report}");
    assert!(
        report.certificate().is_none(),
        "every schedule was run, and it says nothing"
    );
}

/// Each execution is a little longer than the one before, or shows something else.
#[test]
fn what_a_schedule_does_not_decide_is_told_apart() {
    let told = |longer: bool| {
        let built = Arc::new(AtomicUsize::new(0));
        let report = isolation(async move || built.fetch_add(1, Ordering::SeqCst))
            .users(2, async move |user: &User, number: &usize| {
                user.saw(Surface::Reply, &user.secret("own"));
                for _ in 0..if longer { *number } else { 1 } {
                    yield_now().await;
                }
                if !longer {
                    user.saw(Surface::Row, number);
                }
                Ok(())
            })
            .executions(10)
            .without_solo_comparison()
            .within(LONG)
            .without_regressions()
            .check()
            .unwrap();
        assert!(report.certificate().is_none(), "{report}");
        report.caveats().join("; ")
    };
    assert!(
        told(true).contains("it took other steps to its end"),
        "{}",
        told(true)
    );
    assert!(
        told(false).contains("users saw something else"),
        "{}",
        told(false)
    );
}

#[test]
fn what_a_user_does_not_see_twice_is_not_compared_with_its_solo_run() {
    let count = Arc::new(AtomicUsize::new(0));
    let report = isolation(async || ())
        .users(2, async move |user: &User, (): &()| {
            user.saw(Surface::Reply, &user.secret("own"));
            yield_now().await;
            user.saw(
                Surface::Reply,
                &format!("the weather is {}", count.fetch_add(1, Ordering::SeqCst)),
            );
            Ok(())
        })
        .within(LONG)
        .without_regressions()
        .check()
        .unwrap();
    let left_out: Vec<_> = report
        .left_out()
        .iter()
        .map(|left_out| {
            (
                left_out.user_index(),
                left_out.surface(),
                left_out.observation(),
                left_out.pointer(),
            )
        })
        .collect();
    let of = |user| (user, Some(Surface::Reply), Some(2), "");
    assert_eq!(left_out, [of(0), of(1)]);
    assert!(
        report.to_string().contains("reply 2, in part (ada and ben)"),
        "{report}"
    );
}

/// What is another every second time may well be the same again once.
#[test]
fn what_changes_every_second_time_is_told() {
    let flipping = |awaits: usize, leaks: bool| {
        let built = AtomicUsize::new(0);
        let kept = Mutex::new(String::new());
        isolation(async move || built.fetch_add(1, Ordering::Relaxed).is_multiple_of(2))
            .users(2, async move |user: &User, flips: &bool| {
                let own = user.secret("own");
                own.clone_into(&mut kept.lock().unwrap());
                for _ in 0..awaits {
                    yield_now().await;
                }
                user.saw(Surface::Row, flips);
                let last = kept.lock().unwrap().clone();
                user.saw(Surface::Reply, if leaks { &last } else { &own });
                Ok(())
            })
            .within(LONG)
            .without_solo_comparison()
            .without_regressions()
    };
    for awaits in 1..8 {
        let failure = flipping(awaits, true).check().unwrap_err();
        assert!(failure.is_nondeterministic(), "{awaits} awaits: {failure}");
        // Of an even and of an odd number of executions.
        let report = flipping(awaits, false)
            .executions(200 + awaits as u64)
            .check()
            .unwrap();
        assert!(
            report
                .caveats()
                .iter()
                .any(|caveat| caveat.starts_with("nondeterministic")),
            "{awaits} awaits: {report}"
        );
    }
}
