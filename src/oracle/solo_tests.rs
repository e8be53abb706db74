use rstest::rstest;
use serde_json::{Value, json};

use super::evidence::BrokenInvariant;
use super::trace_sample::{DISTINCT, TraceSample, said};
use super::{Hang, Kind, PanicNote, Residue, Rules, ScriptOutcome};
use crate::trace::{Surface, User};

/// Ada's and ben's solo runs, in which each gets `answers`, then the execution under test, in which ben does.
fn together(rules: Rules, answers: &[Value]) -> TraceSample {
    let mut sample = TraceSample::with_rules(DISTINCT, 2, rules);
    for user in [0, 1] {
        for answer in answers {
            sample.saw(user, Surface::Reply, answer);
        }
        sample.alone(user);
    }
    for answer in answers {
        sample.saw(1, Surface::Reply, answer);
    }
    sample
}

fn panic_note(user: Option<usize>, message: &str) -> PanicNote {
    PanicNote {
        user,
        message: message.into(),
        location: "src/engine.rs:7".into(),
        step: 3,
    }
}

#[test]
fn the_same_as_alone_is_silent() {
    let mut sample = together(Rules::default(), &[json!("one"), json!("two")]);
    sample.saw(0, Surface::Reply, "one");
    sample.saw(0, Surface::Reply, "two");
    sample.saw(0, Surface::Log, "logs are shared");
    sample.saw(1, Surface::Metric, &7);
    assert_eq!(said(&sample.judge()), [""; 0]);
}

#[rstest]
#[case::other(
    &["one", "three"],
    r#"interference: with others there ada sees something else on the surface reply, observation 2: alone: "two", here: "three""#
)]
#[case::more(
    &["one", "two", "two"],
    r#"interference: with others there ada sees something else on the surface reply, observation 3: alone: nothing, here: "two""#
)]
#[case::less(
    &["one"],
    r#"interference: with others there ada sees something else on the surface reply, observation 2: alone: "two", here: nothing"#
)]
#[case::nothing(
    &[],
    r#"interference: with others there ada sees something else on the surface reply, observation 1: alone: "one", here: nothing"#
)]
fn the_first_difference_to_the_solo_run_is_named(#[case] here: &[&str], #[case] detail: &str) {
    let mut sample = together(Rules::default(), &[json!("one"), json!("two")]);
    for answer in here {
        sample.saw(0, Surface::Reply, answer);
    }
    assert_eq!(said(&sample.judge()), [detail]);
}

#[test]
fn what_differs_in_ids_and_times_alone_means_the_same() {
    let answer =
        |id: u64, at: &str| json!({ "id": id, "text": "hello", "sent_at": at, "note": format!("at {at}") });
    let alone = [
        answer(7, "2025-01-01T00:00:00Z"),
        answer(7, "2025-01-01T00:00:01Z"),
    ];
    let mut sample = together(Rules::default(), &alone);
    sample.saw(0, Surface::Reply, &answer(9, "2026-05-05T10:00:00+02:00"));
    sample.saw(0, Surface::Reply, &answer(9, "2026-05-05T10:00:00.5Z"));
    assert_eq!(said(&sample.judge()), [""; 0]);
    for alone in &alone {
        sample.saw(1, Surface::Reply, alone);
    }
    sample.saw(0, Surface::Reply, &answer(9, "2026-05-05T10:00:00Z"));
    sample.saw(0, Surface::Reply, &answer(10, "2026-05-05T10:00:00Z"));
    assert_eq!(sample.judge().len(), 1, "alone, both answers had one id");
}

#[rstest]
#[case(ScriptOutcome::Cancelled { step: 99 })]
#[case(ScriptOutcome::Unfinished)]
fn who_did_not_come_to_the_end_may_see_less_but_nothing_else(#[case] script_outcome: ScriptOutcome) {
    for (here, accusations) in [("one", 0), ("other", 1)] {
        let mut sample = together(Rules::default(), &[json!("one"), json!("two")]);
        sample.take.script_outcomes[0] = script_outcome.clone();
        sample.saw(0, Surface::Reply, here);
        assert_eq!(sample.judge().len(), accusations, "{here}");
    }
}

#[test]
fn what_a_user_sees_after_its_call_was_dropped_is_compared_with_nothing() {
    for (dropped, accusations) in [(4, 0), (5, 1)] {
        let mut sample = together(Rules::default(), &[json!("one"), json!("two")]);
        sample.take.script_outcomes[0] = ScriptOutcome::Cancelled { step: dropped };
        sample.saw(0, Surface::Reply, "one");
        sample.saw(0, Surface::Reply, "goodbye");
        assert_eq!(sample.judge().len(), accusations, "dropped in step {dropped}");
    }
}

#[test]
fn the_cache_tells_a_cut_off_user_from_one_who_finished() {
    let mut sample = together(Rules::default(), &[json!("one"), json!("two")]);
    sample.saw(0, Surface::Reply, "one");
    sample.take.script_outcomes[0] = ScriptOutcome::Cancelled { step: 99 };
    assert_eq!(said(&sample.judge()), [""; 0]);
    for answer in ["one", "two"] {
        sample.saw(1, Surface::Reply, answer);
    }
    sample.saw(0, Surface::Reply, "one");
    assert_eq!(sample.judge().len(), 1);
}

#[rstest]
#[case::secret(|ben: &User| vec![ben.secret("card")], Kind::ContextLeak)]
#[case::chunks(|ben: &User| ben.secret("card").chars().map(String::from).collect(), Kind::ContextLeak)]
#[case::identity(|ben: &User| vec![ben.id().to_string()], Kind::Misattribution)]
fn what_a_leak_explains_is_not_interference_too(#[case] shown: fn(&User) -> Vec<String>, #[case] kind: Kind) {
    let mut sample = together(Rules::default(), &[json!("one")]);
    for shown in shown(&sample.user(1)) {
        sample.saw(0, Surface::Reply, &shown);
    }
    let kinds: Vec<_> = sample.judge().iter().map(super::Violation::kind).collect();
    assert_eq!(kinds, [kind]);
}

#[test]
fn a_difference_before_the_leak_is_interference_too() {
    let mut sample = together(Rules::default(), &[json!("one"), json!("two")]);
    let card = sample.user(1).secret("card");
    sample.saw(0, Surface::Reply, "other");
    sample.saw(0, Surface::Reply, &card);
    let kinds: Vec<_> = sample.judge().iter().map(super::Violation::kind).collect();
    assert_eq!(kinds, [Kind::ContextLeak, Kind::Interference]);
}

#[rstest]
#[case::failed(ScriptOutcome::Failed("no permit".into()), "failed: no permit")]
#[case::panicked(ScriptOutcome::Panicked("poisoned".into()), "panicked: poisoned")]
fn an_end_that_is_not_met_alone_names_both_sides(#[case] script_outcome: ScriptOutcome, #[case] here: &str) {
    let mut sample = together(Rules::default(), &[json!("one")]);
    sample.take.script_outcomes[0] = script_outcome;
    let end = format!("interference: ada ends otherwise with others there: alone: finished, here: {here}");
    assert_eq!(
        said(&sample.judge()),
        [end],
        "and the answer that never came is no second violation"
    );
}

#[test]
fn an_end_that_is_met_alone_too_is_silent() {
    let mut sample = TraceSample::new(DISTINCT, 1);
    sample.take.script_outcomes[0] = ScriptOutcome::Failed("attempt 1 failed".into());
    sample.alone(0);
    sample.take.script_outcomes[0] = ScriptOutcome::Failed("attempt 2 failed".into());
    assert_eq!(said(&sample.judge()), [""; 0]);
}

/// What a user sees in two solo runs, and then with another there.
fn three_times(seen: [Value; 3]) -> Vec<String> {
    let [alone, again, here] = seen;
    let mut sample = TraceSample::new(DISTINCT, 2);
    sample.saw(0, Surface::Reply, &alone);
    sample.alone(0);
    sample.saw(0, Surface::Reply, &again);
    sample.again(0);
    sample.alone(1);
    sample.saw(0, Surface::Reply, &here);
    said(&sample.judge())
}

#[test]
fn what_differs_alone_is_left_out_and_nothing_else() {
    let seen = |noise: u32, rest: &str| json!({ "took": format!("{noise}us"), "rest": rest });
    assert_eq!(three_times([seen(1, "a"), seen(2, "a"), seen(3, "a")]), [""; 0]);
    assert_eq!(three_times([seen(1, "a"), seen(2, "a"), seen(3, "b")]).len(), 1);
    // Without noise every part counts.
    assert_eq!(three_times([seen(1, "a"), seen(1, "a"), seen(3, "a")]).len(), 1);
}

#[test]
fn an_end_that_differs_alone_is_left_out() {
    let mut sample = TraceSample::new(DISTINCT, 1);
    sample.alone(0);
    sample.take.script_outcomes[0] = ScriptOutcome::Failed("no luck".into());
    assert!(sample.again(0));
    sample.take.script_outcomes[0] = ScriptOutcome::Failed("no luck".into());
    assert_eq!(said(&sample.judge()), [""; 0]);
}

#[test]
fn without_the_comparison_only_panics_count() {
    let rules = || Rules {
        compare_alone: false,
        ..Rules::default()
    };
    let mut sample = together(rules(), &[json!("one")]);
    sample.take.script_outcomes[0] = ScriptOutcome::Failed("too many users".into());
    sample.saw(0, Surface::Reply, "other");
    assert_eq!(said(&sample.judge()), [""; 0]);
    let mut sample = together(rules(), &[json!("one")]);
    sample.take.script_outcomes[0] = ScriptOutcome::Panicked("poisoned".into());
    assert_eq!(sample.judge().len(), 1);
}

#[test]
fn a_hang_is_one_violation_and_excuses_what_never_came() {
    let mut sample = TraceSample::new(DISTINCT, 2);
    for user in [0, 1] {
        sample.saw(user, Surface::Reply, "one");
        sample.saw(user, Surface::Reply, "two");
        sample.alone(user);
    }
    sample.saw(1, Surface::Reply, "one");
    sample.take.script_outcomes = vec![ScriptOutcome::Unfinished, ScriptOutcome::Finished];
    sample.take.hang = Some(Hang {
        detail: "no timer is set".into(),
        users: vec![0, 1],
        step: 9,
    });
    let violations = sample.judge();
    assert_eq!(
        said(&violations),
        ["hang: ada and ben wait for ever: no timer is set"]
    );
    assert_eq!((violations[0].user(), violations[0].step()), (Some("ada"), 9));
}

#[test]
fn the_cache_tells_a_broken_invariant_and_an_unknown_panic_from_a_clean_end() {
    let mut sample = TraceSample::new(DISTINCT, 1);
    sample.take.panics = vec![panic_note(None, "known")];
    sample.alone(0);
    sample.take.panics = vec![panic_note(None, "known")];
    assert_eq!(said(&sample.judge()), [""; 0], "which is remembered");
    sample.take.panics = vec![panic_note(None, "unknown")];
    assert_eq!(sample.judge().len(), 1);
    sample.take.panics = vec![panic_note(None, "known")];
    sample.take.broken = vec![BrokenInvariant {
        name: "balance".into(),
        panic: None,
    }];
    assert_eq!(
        said(&sample.judge()),
        ["inconsistent-state: the invariant `balance` does not hold after the execution"]
    );
}

#[test]
fn two_invariants_are_two_findings() {
    let mut sample = TraceSample::new(DISTINCT, 1);
    let broken = |name: &str, panic: Option<&str>| BrokenInvariant {
        name: name.into(),
        panic: panic.map(str::to_owned),
    };
    sample.take.broken = vec![broken("balance", None), broken("limit", Some("over the limit"))];
    assert_eq!(
        said(&sample.judge()),
        [
            "inconsistent-state: the invariant `balance` does not hold after the execution",
            "inconsistent-state: the invariant `limit` panicked after the execution: over the limit"
        ]
    );
}

#[test]
fn the_cache_tells_a_hang_a_panic_and_residue_from_a_clean_end() {
    let mut sample = TraceSample::new(DISTINCT, 1);
    assert_eq!(said(&sample.judge()), [""; 0]);
    sample.take.hang = Some(Hang {
        detail: "no timer is set".into(),
        users: vec![0],
        step: 9,
    });
    assert_eq!(sample.judge().len(), 1);
    sample.take.panics = vec![panic_note(None, "new")];
    assert_eq!(sample.judge().len(), 1);
    sample.take.residue = Some(Residue {
        before: json!(0),
        after: json!(1),
        ..Residue::default()
    });
    assert_eq!(
        said(&sample.judge()),
        ["residue: what the users leave behind: the inspection was 0 and is 1"]
    );
}

#[test]
fn a_users_own_ids_mean_the_same_alone_and_with_others() {
    let mut sample = TraceSample::new(DISTINCT, 2);
    let own = format!(
        "{} pays with {}",
        sample.user(0).id(),
        sample.user(0).secret("card")
    );
    sample.saw(0, Surface::Reply, &json!({ "text": own, "took_ms": 1 }));
    sample.alone(0);
    sample.saw(0, Surface::Reply, &json!({ "text": own, "took_ms": 2 }));
    assert_eq!(said(&sample.judge()), [""; 0]);
}

#[test]
fn a_panic_in_a_task_is_interference_unless_it_happens_alone_too() {
    let mut sample = TraceSample::new(DISTINCT, 2);
    sample.take.panics = vec![panic_note(None, "known")];
    sample.alone(0);
    sample.alone(1);
    sample.take.panics = vec![panic_note(None, "known"), panic_note(None, "new")];
    assert_eq!(
        said(&sample.judge()),
        [
            "interference: a panic in a task that the system spawned, at src/engine.rs:7: new; no user alone meets it"
        ]
    );
}

#[test]
fn a_dropped_call_that_panics_is_not_blamed_on_other_users() {
    let mut sample = together(Rules::default(), &[]);
    sample.take.script_outcomes[0] = ScriptOutcome::Cancelled { step: 99 };
    sample.take.panics = vec![panic_note(Some(0), "in a destructor")];
    assert_eq!(said(&sample.judge()), [""; 0]);
}

#[test]
fn a_script_that_ends_in_a_panic_is_said_once() {
    let mut sample = together(Rules::default(), &[]);
    sample.take.script_outcomes[0] = ScriptOutcome::Panicked("poisoned".into());
    sample.take.panics = vec![panic_note(Some(0), "poisoned")];
    let violations = sample.judge();
    let end = "interference: ada ends otherwise with others there: alone: finished, here: panicked: poisoned";
    assert_eq!(said(&violations), [end]);
    assert_eq!(violations[0].step(), 3);
}

#[test]
fn what_is_left_behind_is_named_by_its_path() {
    let mut sample = TraceSample::new(DISTINCT, 2);
    sample.take.residue = Some(Residue {
        before: json!({ "engines": { "live": 0 }, "runs": [], "limit": 3, "gone": true }),
        after: json!({ "engines": { "live": 1 }, "runs": ["r"], "limit": 3, "new": 1 }),
        ..Residue::default()
    });
    assert_eq!(
        said(&sample.judge()),
        [
            "residue: what the users leave behind: engines.live was 0 and is 1; gone was true and is absent; \
          runs[0] was absent and is \"r\"; new was absent and is 1"
        ]
    );
    let same = json!({ "live": 0 });
    sample.take.residue = Some(Residue {
        before: same.clone(),
        after: same,
        ..Residue::default()
    });
    assert_eq!(said(&sample.judge()), [""; 0]);
}
