use rstest::rstest;
use serde_json::{Value, json};

use super::text_search::Encoder;
use super::trace_sample::{COLLIDING, DISTINCT, LOOK_ALIKE, TraceSample, said};
use crate::trace::Surface;
use crate::user::UserContext;

/// What ben is accused of where he sees `shown`, which is made of ada's context.
fn accusation(identity_seed: u64, shown: impl Fn(&UserContext) -> Value) -> Vec<String> {
    let mut sample = TraceSample::new(identity_seed, 3);
    let ada = sample.user(0).context().clone();
    sample.saw(1, Surface::Event, &shown(&ada));
    sample
        .judge()
        .iter()
        .map(|found| format!("{} {}", found.kind(), found.owner().unwrap_or("-")))
        .collect()
}

#[rstest]
#[case(DISTINCT)]
#[case(LOOK_ALIKE)]
fn a_label_with_anothers_id_is_misattribution(#[case] identity_seed: u64) {
    for id in ["user", "thread", "run", "session"] {
        let said = accusation(identity_seed, |ada| {
            let ada = serde_json::to_value(ada).expect("a context is JSON");
            json!({ "label": ada[id], "text": "hello" })
        });
        assert_eq!(said, ["misattribution ada"], "{id}");
    }
}

#[rstest]
#[case::text(|ada: &UserContext| json!(format!("no engine for {}.", ada.user)))]
#[case::composite(|ada: &UserContext| json!({ "key": format!("{}:{}", ada.user, ada.thread) }))]
#[case::upper_case(|ada: &UserContext| json!(format!("<{}>", ada.run.to_ascii_uppercase())))]
#[case::key(|ada: &UserContext| json!({ &*ada.session: 1 }))]
#[case::json_in_a_string(|ada: &UserContext| json!(json!({ "user_id": ada.user }).to_string()))]
#[case::token(|ada: &UserContext| {
    json!(Encoder::Base64Url.encode(&json!({ "sub": ada.user }).to_string()))
})]
fn anothers_id_within_longer_text_is_a_leak(#[case] shown: fn(&UserContext) -> Value) {
    for identity_seed in [DISTINCT, LOOK_ALIKE] {
        assert_eq!(
            accusation(identity_seed, shown),
            ["context-leak ada"],
            "identity seed {identity_seed}"
        );
    }
}

#[test]
fn ids_that_all_users_share_name_nobody() {
    assert_eq!(
        accusation(
            COLLIDING,
            |ada| json!({ "thread_id": ada.thread, "session_id": ada.session })
        ),
        [""; 0]
    );
    assert_eq!(
        accusation(COLLIDING, |ada| json!({ "run_id": ada.run })),
        ["misattribution ada"]
    );
}

#[test]
fn a_users_own_ids_are_not_the_shorter_ids_that_they_begin_with() {
    let mut sample = TraceSample::new(LOOK_ALIKE, 12);
    for user in 0..12 {
        let context = sample.user(user).context().clone();
        sample.saw(user, Surface::Reply, &context);
        sample.saw(
            user,
            Surface::Reply,
            &format!("{}:{}/{}", context.user, context.thread, context.run),
        );
    }
    assert_eq!(said(&sample.judge()), [""; 0]);
}

#[test]
fn an_id_that_a_user_comes_to_alone_names_nobody_where_ids_can_be_guessed() {
    for (identity_seed, accused) in [(LOOK_ALIKE, false), (DISTINCT, true)] {
        let mut sample = TraceSample::new(identity_seed, 2);
        let run = sample.user(0).context().run.clone();
        sample.saw(1, Surface::Reply, &json!({ "run": run }));
        sample.alone(1);
        sample.saw(1, Surface::Reply, &json!({ "run": run }));
        assert_eq!(
            !sample.judge().is_empty(),
            accused,
            "identity seed {identity_seed}"
        );
    }
}

#[test]
fn a_misattribution_says_whose_id_was_seen_where() {
    let mut sample = TraceSample::new(DISTINCT, 2);
    let run = sample.user(0).context().run.clone();
    sample.saw(1, Surface::Event, &json!({ "run_id": run }));
    assert_eq!(
        said(&sample.judge()),
        ["misattribution: ben was handed, on the surface event, ada's run id"]
    );
}
