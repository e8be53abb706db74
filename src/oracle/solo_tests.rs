use rstest::rstest;
use serde_json::{Value, json};

use super::scene::{DISTINCT, Scene, said};
use super::{Fate, Hang, Kind, PanicNote, Residue, Rules};
use crate::trace::{Surface, User};

/// Ada's and ben's solo runs, in which each gets `answers`, then the execution under test, in which ben does.
fn together(rules: Rules, answers: &[Value]) -> Scene {
    let mut scene = Scene::with_rules(DISTINCT, 2, rules);
    for user in [0, 1] {
        for answer in answers {
            scene.saw(user, Surface::Reply, answer);
        }
        scene.alone(user);
    }
    for answer in answers {
        scene.saw(1, Surface::Reply, answer);
    }
    scene
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
    let mut scene = together(Rules::default(), &[json!("one"), json!("two")]);
    scene.saw(0, Surface::Reply, "one");
    scene.saw(0, Surface::Reply, "two");
    scene.saw(0, Surface::Log, "logs are shared");
    scene.saw(1, Surface::Metric, &7);
    assert_eq!(said(&scene.judge()), [""; 0]);
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
    let mut scene = together(Rules::default(), &[json!("one"), json!("two")]);
    for answer in here {
        scene.saw(0, Surface::Reply, answer);
    }
    assert_eq!(said(&scene.judge()), [detail]);
}

#[test]
fn what_differs_in_ids_and_times_alone_means_the_same() {
    let answer =
        |id: u64, at: &str| json!({ "id": id, "text": "hello", "sent_at": at, "note": format!("at {at}") });
    let alone = [
        answer(7, "2025-01-01T00:00:00Z"),
        answer(7, "2025-01-01T00:00:01Z"),
    ];
    let mut scene = together(Rules::default(), &alone);
    scene.saw(0, Surface::Reply, &answer(9, "2026-05-05T10:00:00+02:00"));
    scene.saw(0, Surface::Reply, &answer(9, "2026-05-05T10:00:00.5Z"));
    assert_eq!(said(&scene.judge()), [""; 0]);
    for alone in &alone {
        scene.saw(1, Surface::Reply, alone);
    }
    scene.saw(0, Surface::Reply, &answer(9, "2026-05-05T10:00:00Z"));
    scene.saw(0, Surface::Reply, &answer(10, "2026-05-05T10:00:00Z"));
    assert_eq!(scene.judge().len(), 1, "alone, both answers had one id");
}

#[rstest]
#[case(Fate::Cancelled { step: 99 })]
#[case(Fate::Unfinished)]
fn who_did_not_come_to_the_end_may_see_less_but_nothing_else(#[case] fate: Fate) {
    for (here, accusations) in [("one", 0), ("other", 1)] {
        let mut scene = together(Rules::default(), &[json!("one"), json!("two")]);
        scene.take.fates[0] = fate.clone();
        scene.saw(0, Surface::Reply, here);
        assert_eq!(scene.judge().len(), accusations, "{here}");
    }
}

#[test]
fn what_a_user_sees_after_its_call_was_dropped_is_compared_with_nothing() {
    for (dropped, accusations) in [(4, 0), (5, 1)] {
        let mut scene = together(Rules::default(), &[json!("one"), json!("two")]);
        scene.take.fates[0] = Fate::Cancelled { step: dropped };
        scene.saw(0, Surface::Reply, "one");
        scene.saw(0, Surface::Reply, "goodbye");
        assert_eq!(scene.judge().len(), accusations, "dropped in step {dropped}");
    }
}

#[test]
fn the_memo_tells_a_cut_off_user_from_one_who_finished() {
    let mut scene = together(Rules::default(), &[json!("one"), json!("two")]);
    scene.saw(0, Surface::Reply, "one");
    scene.take.fates[0] = Fate::Cancelled { step: 99 };
    assert_eq!(said(&scene.judge()), [""; 0]);
    for answer in ["one", "two"] {
        scene.saw(1, Surface::Reply, answer);
    }
    scene.saw(0, Surface::Reply, "one");
    assert_eq!(scene.judge().len(), 1);
}

#[rstest]
#[case::secret(|ben: &User| vec![ben.secret("card")], Kind::ContextLeak)]
#[case::chunks(|ben: &User| ben.secret("card").chars().map(String::from).collect(), Kind::ContextLeak)]
#[case::identity(|ben: &User| vec![ben.id().to_string()], Kind::Misattribution)]
fn what_a_leak_explains_is_not_interference_too(#[case] shown: fn(&User) -> Vec<String>, #[case] kind: Kind) {
    let mut scene = together(Rules::default(), &[json!("one")]);
    for shown in shown(&scene.user(1)) {
        scene.saw(0, Surface::Reply, &shown);
    }
    let kinds: Vec<_> = scene.judge().iter().map(super::Violation::kind).collect();
    assert_eq!(kinds, [kind]);
}

#[test]
fn a_difference_before_the_leak_is_interference_too() {
    let mut scene = together(Rules::default(), &[json!("one"), json!("two")]);
    let card = scene.user(1).secret("card");
    scene.saw(0, Surface::Reply, "other");
    scene.saw(0, Surface::Reply, &card);
    let kinds: Vec<_> = scene.judge().iter().map(super::Violation::kind).collect();
    assert_eq!(kinds, [Kind::ContextLeak, Kind::Interference]);
}

#[rstest]
#[case::failed(Fate::Failed("no permit".into()), "failed: no permit")]
#[case::panicked(Fate::Panicked("poisoned".into()), "panicked: poisoned")]
fn an_end_that_is_not_met_alone_names_both_sides(#[case] fate: Fate, #[case] here: &str) {
    let mut scene = together(Rules::default(), &[json!("one")]);
    scene.take.fates[0] = fate;
    let end = format!("interference: ada ends otherwise with others there: alone: finished, here: {here}");
    assert_eq!(
        said(&scene.judge()),
        [end],
        "and the answer that never came is no second violation"
    );
}

#[test]
fn an_end_that_is_met_alone_too_is_silent() {
    let mut scene = Scene::new(DISTINCT, 1);
    scene.take.fates[0] = Fate::Failed("attempt 1 failed".into());
    scene.alone(0);
    scene.take.fates[0] = Fate::Failed("attempt 2 failed".into());
    assert_eq!(said(&scene.judge()), [""; 0]);
}

/// What a user sees in two solo runs, and then with another there.
fn three_times(seen: [Value; 3]) -> Vec<String> {
    let [alone, again, here] = seen;
    let mut scene = Scene::new(DISTINCT, 2);
    scene.saw(0, Surface::Reply, &alone);
    scene.alone(0);
    scene.saw(0, Surface::Reply, &again);
    scene.again(0);
    scene.alone(1);
    scene.saw(0, Surface::Reply, &here);
    said(&scene.judge())
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
    let mut scene = Scene::new(DISTINCT, 1);
    scene.alone(0);
    scene.take.fates[0] = Fate::Failed("no luck".into());
    assert!(scene.again(0));
    scene.take.fates[0] = Fate::Failed("no luck".into());
    assert_eq!(said(&scene.judge()), [""; 0]);
}

#[test]
fn without_the_comparison_only_panics_count() {
    let rules = || Rules {
        compare_alone: false,
        ..Rules::default()
    };
    let mut scene = together(rules(), &[json!("one")]);
    scene.take.fates[0] = Fate::Failed("too many users".into());
    scene.saw(0, Surface::Reply, "other");
    assert_eq!(said(&scene.judge()), [""; 0]);
    let mut scene = together(rules(), &[json!("one")]);
    scene.take.fates[0] = Fate::Panicked("poisoned".into());
    assert_eq!(scene.judge().len(), 1);
}

#[test]
fn a_hang_is_one_violation_and_excuses_what_never_came() {
    let mut scene = Scene::new(DISTINCT, 2);
    for user in [0, 1] {
        scene.saw(user, Surface::Reply, "one");
        scene.saw(user, Surface::Reply, "two");
        scene.alone(user);
    }
    scene.saw(1, Surface::Reply, "one");
    scene.take.fates = vec![Fate::Unfinished, Fate::Finished];
    scene.take.hang = Some(Hang {
        detail: "no timer is set".into(),
        users: vec![0, 1],
        step: 9,
    });
    let violations = scene.judge();
    assert_eq!(
        said(&violations),
        ["hang: ada and ben wait for ever: no timer is set"]
    );
    assert_eq!((violations[0].user(), violations[0].step()), (Some("ada"), 9));
}

#[test]
fn the_memo_tells_a_hang_a_panic_and_residue_from_a_clean_end() {
    let mut scene = Scene::new(DISTINCT, 1);
    assert_eq!(said(&scene.judge()), [""; 0]);
    scene.take.hang = Some(Hang {
        detail: "no timer is set".into(),
        users: vec![0],
        step: 9,
    });
    assert_eq!(scene.judge().len(), 1);
    scene.take.panics = vec![panic_note(None, "new")];
    assert_eq!(scene.judge().len(), 1);
    scene.take.residue = Some(Residue {
        before: json!(0),
        after: json!(1),
    });
    assert_eq!(
        said(&scene.judge()),
        ["residue: what the users leave behind: the inspection was 0 and is 1"]
    );
}

#[test]
fn a_users_own_ids_mean_the_same_alone_and_with_others() {
    let mut scene = Scene::new(DISTINCT, 2);
    let own = format!(
        "{} pays with {}",
        scene.user(0).id(),
        scene.user(0).secret("card")
    );
    scene.saw(0, Surface::Reply, &json!({ "text": own, "took_ms": 1 }));
    scene.alone(0);
    scene.saw(0, Surface::Reply, &json!({ "text": own, "took_ms": 2 }));
    assert_eq!(said(&scene.judge()), [""; 0]);
}

#[test]
fn a_panic_in_a_task_is_interference_unless_it_happens_alone_too() {
    let mut scene = Scene::new(DISTINCT, 2);
    scene.take.panics = vec![panic_note(None, "known")];
    scene.alone(0);
    scene.alone(1);
    scene.take.panics = vec![panic_note(None, "known"), panic_note(None, "new")];
    assert_eq!(
        said(&scene.judge()),
        [
            "interference: a panic in a task that the system spawned, at src/engine.rs:7: new; no user alone meets it"
        ]
    );
}

#[test]
fn a_dropped_call_that_panics_is_not_blamed_on_other_users() {
    let mut scene = together(Rules::default(), &[]);
    scene.take.fates[0] = Fate::Cancelled { step: 99 };
    scene.take.panics = vec![panic_note(Some(0), "in a destructor")];
    assert_eq!(said(&scene.judge()), [""; 0]);
}

#[test]
fn a_script_that_ends_in_a_panic_is_said_once() {
    let mut scene = together(Rules::default(), &[]);
    scene.take.fates[0] = Fate::Panicked("poisoned".into());
    scene.take.panics = vec![panic_note(Some(0), "poisoned")];
    let violations = scene.judge();
    let end = "interference: ada ends otherwise with others there: alone: finished, here: panicked: poisoned";
    assert_eq!(said(&violations), [end]);
    assert_eq!(violations[0].step(), 3);
}

#[test]
fn what_is_left_behind_is_named_by_its_path() {
    let mut scene = Scene::new(DISTINCT, 2);
    scene.take.residue = Some(Residue {
        before: json!({ "engines": { "live": 0 }, "runs": [], "limit": 3, "gone": true }),
        after: json!({ "engines": { "live": 1 }, "runs": ["r"], "limit": 3, "new": 1 }),
    });
    assert_eq!(
        said(&scene.judge()),
        [
            "residue: what the users leave behind: engines.live was 0 and is 1; gone was true and is absent; \
          runs[0] was absent and is \"r\"; new was absent and is 1"
        ]
    );
    let same = json!({ "live": 0 });
    scene.take.residue = Some(Residue {
        before: same.clone(),
        after: same,
    });
    assert_eq!(said(&scene.judge()), [""; 0]);
}
