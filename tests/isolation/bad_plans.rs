//! Bad input where inputs are generated.

use proptest::strategy::{Strategy, ValueTree};
use ssot_harness::prelude::*;

use crate::systems::{Notes, own_note, refused};

#[test]
fn a_strategy_that_gives_nothing() {
    let verdict = isolation(async || Notes::default())
        .generated(
            2..=2,
            |_: &User| proptest::collection::vec((0..3_u8).prop_filter("none will do", |_| false), 1..=2),
            async |_: &User, _: &Notes, _: u8| Ok(()),
        )
        .check();
    assert!(refused(FailureKind::Misuse, verdict).contains("no inputs could be generated"));
}

#[test]
fn a_generated_action_that_fails_alone() {
    let verdict = isolation(async || Notes::default())
        .generated(
            2..=2,
            |_: &User| proptest::collection::vec(0..3_u8, 2..=3),
            async |user: &User, notes: &Notes, _: u8| {
                own_note(user, notes).await?;
                Err("the service says no".into())
            },
        )
        .without_regressions()
        .check();
    assert!(refused(FailureKind::Alone, verdict).contains("the service says no"));
}

#[test]
fn a_schedule_without_the_inputs_that_it_needs() {
    let replay = |text: &str| {
        let verdict = isolation(async || Notes::default())
            .generated(
                2..=2,
                |_: &User| proptest::collection::vec(0..3_u8, 1..=2),
                async |_: &User, _: &Notes, _: u8| Ok(()),
            )
            .without_regressions()
            .replay(text)
            .check();
        refused(FailureKind::Replay, verdict)
    };
    for (text, says) in [
        ("v1:one@1:1", "has no inputs behind a `|`"),
        ("v1:one@1:1|{\"actions\":[[1]]}", "the inputs are for 1 users"),
        (
            "v1:one@1:1|{\"actions\":[[1],[\"two\"]]}",
            "do not fit this check's actions",
        ),
        (
            "v1:one@1:1|{\"actions\":[[1],[2]",
            "do not fit this check's actions",
        ),
    ] {
        let said = replay(text);
        assert!(said.contains(says), "{text}: {said}");
    }
}

/// One plan may have no secret in it; so may not all of them.
#[test]
fn plans_that_never_hold_a_secret() {
    let plans = plan(2..=2, |_: &User| proptest::collection::vec(0..3_u8, 1..=2));
    let mut runner = proptest::test_runner::TestRunner::deterministic();
    let mut check = || {
        let plan = plans.new_tree(&mut runner).unwrap().current();
        isolation(async || Notes::default())
            .plan_with(plan, async |_: &User, _: &Notes, _: u8| Ok(()))
            .executions(4)
            .check()
    };
    let report = check().unwrap();
    assert!(
        report.caveats()[0].contains("nobody saw a secret of its own"),
        "{report}"
    );
    let refusal = (0..40)
        .find_map(|_| check().err())
        .expect("they are refused at last");
    assert_eq!(refusal.kind(), FailureKind::Vacuous, "{refusal}");
}
