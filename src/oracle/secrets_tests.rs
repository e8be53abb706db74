use rstest::rstest;
use serde_json::{Value, json};

use super::encoders::Encoding;
use super::scene::{DISTINCT, Scene, said};
use super::{Form, Kind, Rules};
use crate::trace::{Surface, SurfaceSet};

/// What ben is accused of where he sees `shown`, which is made of a secret of ada's.
fn accusation(shown: impl Fn(&str) -> Value) -> Vec<super::Violation> {
    let mut scene = Scene::new(DISTINCT, 3);
    let secret = scene.user(0).secret("card");
    scene.saw(1, Surface::Reply, &shown(&secret));
    scene.judge()
}

#[test]
fn a_leak_names_viewer_owner_surface_secret_and_form() {
    let violations = accusation(|secret| json!({ "answer": format!("paid with {secret}") }));
    let [leak] = violations.as_slice() else {
        panic!("{violations:?}")
    };
    assert_eq!(leak.kind(), Kind::ContextLeak);
    assert_eq!((leak.user(), leak.user_index()), (Some("ben"), Some(1)));
    assert_eq!((leak.owner(), leak.owner_index()), (Some("ada"), Some(0)));
    assert_eq!(leak.surface(), Some(Surface::Reply));
    assert_eq!((leak.secret(), leak.form()), (Some("card"), Some(Form::Plain)));
    assert_eq!(leak.step(), 1);
    assert!(
        leak.observation()
            .is_some_and(|observation| observation.text().contains("paid with"))
    );
    assert_eq!(leak.detail(), "ben saw ada's secret `card` on the surface reply");
}

#[rstest]
#[case(Encoding::Plain, Form::Plain)]
#[case(Encoding::Upper, Form::Plain)]
#[case(Encoding::Mixed, Form::Plain)]
#[case(Encoding::Json, Form::Json)]
#[case(Encoding::JsonTwice, Form::Json)]
#[case(Encoding::Url, Form::Url)]
#[case(Encoding::UrlLower, Form::Url)]
#[case(Encoding::UrlTwice, Form::Url)]
#[case(Encoding::Hex, Form::Hex)]
#[case(Encoding::HexUpper, Form::Hex)]
#[case(Encoding::HexMixed, Form::Hex)]
#[case(Encoding::Base64, Form::Base64)]
#[case(Encoding::Base64Unpadded, Form::Base64)]
#[case(Encoding::Base64Url, Form::Base64)]
#[case(Encoding::Base64UrlPadded, Form::Base64)]
#[case(Encoding::Base64InLines, Form::Base64)]
#[case(Encoding::Base64Lower, Form::Base64)]
#[case(Encoding::Base64Upper, Form::Base64)]
#[case(Encoding::Bytes, Form::Bytes)]
#[case(Encoding::Base64OfUpper, Form::Base64)]
#[case(Encoding::Base64OfMixed, Form::Base64)]
fn a_secret_is_found_in_every_form(#[case] encoding: Encoding, #[case] form: Form) {
    let violations = accusation(|secret| json!({ "note": format!("x {} y", encoding.encode(secret)) }));
    assert_eq!(violations.len(), 1, "{encoding:?}: {violations:?}");
    assert_eq!(violations[0].form(), Some(form), "{encoding:?}");
}

#[rstest]
#[case::an_array_of_bytes(|secret: &str| json!(secret.as_bytes()))]
#[case::a_key(|secret: &str| json!({ secret: 1 }))]
#[case::a_list_of_chunks(|secret: &str| json!([secret[..3], secret[3..9], secret[9..]]))]
#[case::a_list_of_letters(|secret: &str| json!(secret.chars().collect::<Vec<_>>()))]
#[case::json_in_a_string(|secret: &str| json!(json!({ "card": Encoding::Json.encode(secret) }).to_string()))]
#[case::a_token(|secret: &str| {
    let payload = Encoding::Base64Url.encode(&json!({ "card": secret }).to_string());
    json!(format!("Bearer eyJhbGciOiJub25lIn0.{payload}."))
})]
#[case::after_other_base64(|secret: &str| json!({ "url": format!("/token=abc/{}", Encoding::Base64.encode(secret)) }))]
#[case::after_padding_and_more_base64(|secret: &str| json!(format!("==a0aA0+0//0{}", Encoding::Base64OfUpper.encode(secret))))]
#[case::each_chunk_encoded(|secret: &str| {
    let chunks = [&secret[..8], &secret[8..16], &secret[16..24], &secret[24..]];
    json!(chunks.map(|chunk| Encoding::Base64.encode(chunk)))
})]
#[case::base64_in_lines(|secret: &str| {
    let encoded = Encoding::Base64.encode(secret);
    json!([&encoded[..12], &encoded[12..24], &encoded[24..]].join("\r\n"))
})]
fn a_secret_is_found_in_every_place(#[case] shown: fn(&str) -> Value) {
    let violations = accusation(shown);
    assert_eq!(violations.len(), 1, "{violations:?}");
    assert_eq!(violations[0].secret(), Some("card"));
}

#[rstest]
#[case(1)]
#[case(2)]
#[case(3)]
#[case(4)]
#[case(11)]
fn a_secret_in_chunks_is_blamed_on_the_observation_that_gives_it_away(#[case] size: usize) {
    let mut scene = Scene::new(DISTINCT, 2);
    let secret = scene.user(0).secret("card");
    for chunk in secret.as_bytes().chunks(size) {
        let chunk = std::str::from_utf8(chunk).expect("a secret is ASCII");
        scene.saw(1, Surface::Event, &json!({ "type": "token", "text": chunk }));
        scene.saw(
            0,
            Surface::Event,
            &json!({ "type": "token", "text": "of another stream" }),
        );
    }
    let violations = scene.judge();
    let [leak] = violations.as_slice() else {
        panic!("{violations:?}")
    };
    assert_eq!((leak.form(), leak.owner()), (Some(Form::Chunks), Some("ada")));
    let completing = u32::try_from(12_usize.div_ceil(size)).expect("a few chunks");
    assert_eq!(
        leak.step(),
        2 * completing - 1,
        "twelve characters are there with chunk {completing}"
    );
}

#[test]
fn streams_side_by_side_are_told_apart() {
    let mut scene = Scene::new(DISTINCT, 2);
    let card = scene.user(0).secret("card");
    for letter in card.chars() {
        scene.saw(
            1,
            Surface::Event,
            &json!({ "choices": [{ "text": letter }, { "text": "other" }] }),
        );
    }
    assert_eq!(scene.judge().len(), 1);
}

#[test]
fn a_stream_of_bytes_is_put_together() {
    let mut scene = Scene::new(DISTINCT, 2);
    let card = scene.user(0).secret("card");
    for chunk in card.as_bytes().chunks(2) {
        scene.saw(1, Surface::Event, chunk);
    }
    assert_eq!(scene.judge().len(), 1);
}

#[test]
fn an_encoding_split_into_chunks_is_found() {
    let mut scene = Scene::new(DISTINCT, 2);
    let encoded = Encoding::Base64.encode(&format!("card: {}", scene.user(0).secret("card")));
    for chunk in encoded.as_bytes().chunks(3) {
        scene.saw(1, Surface::Reply, &String::from_utf8_lossy(chunk));
    }
    assert_eq!(scene.judge()[0].form(), Some(Form::Chunks));
}

#[test]
fn twelve_characters_in_a_row_tell_and_eleven_do_not() {
    for start in 0..=14 {
        let twelve = accusation(|secret| json!(format!("… {}!", &secret[start..start + 12])));
        assert_eq!(twelve.len(), 1, "from {start}");
        assert_eq!(twelve[0].form(), Some(Form::Part));
        assert_eq!(
            twelve[0].detail(),
            "ben saw part of ada's secret `card` on the surface reply"
        );
        let eleven = accusation(|secret| json!(format!("… {}!", &secret[start..start + 11])));
        assert!(eleven.is_empty(), "from {start}: {eleven:?}");
    }
}

#[rstest]
#[case::whole(|card: &str| card.to_owned(), Form::Plain)]
#[case::without_its_end(|card: &str| card[..25].to_owned(), Form::Part)]
#[case::without_its_start(|card: &str| card[1..].to_owned(), Form::Part)]
#[case::in_part_and_whole_but_encoded(
    |card: &str| format!("{} {}", &card[..14], Encoding::Hex.encode(card)),
    Form::Hex
)]
fn a_whole_secret_is_told_from_a_part(#[case] shown: fn(&str) -> String, #[case] form: Form) {
    assert_eq!(accusation(|card| json!(shown(card)))[0].form(), Some(form));
}

#[test]
fn typed_secrets_are_found_and_named_with_their_kind() {
    let mut scene = Scene::new(DISTINCT, 2);
    let ada = scene.user(0);
    let uuid = ada.secret_uuid("device");
    scene.saw(1, Surface::Reply, &ada.secret_number("pin"));
    scene.saw(1, Surface::Event, &ada.secret_email("home").replace('@', "%40"));
    scene.saw(1, Surface::Row, &uuid.to_uppercase());
    scene.saw(1, Surface::Http, &uuid.replace('-', "")[..20]);
    let mut secrets: Vec<_> = scene
        .judge()
        .iter()
        .map(|leak| leak.secret().expect("a secret leaks").to_owned())
        .collect();
    secrets.sort();
    assert_eq!(
        secrets,
        ["email home", "number pin", "uuid device", "uuid device"]
    );
}

#[test]
fn a_user_may_see_its_own_secrets() {
    let mut scene = Scene::new(DISTINCT, 2);
    for encoding in Encoding::ALL {
        scene.saw(1, Surface::Reply, &encoding.encode(&scene.user(1).secret("card")));
    }
    assert_eq!(said(&scene.judge()), [""; 0]);
}

#[test]
fn a_secret_minted_later_is_found_in_what_was_clean_before() {
    let mut scene = Scene::new(DISTINCT, 2);
    let card = Scene::new(DISTINCT, 2).user(0).secret("card");
    scene.saw(1, Surface::Reply, &card);
    assert_eq!(said(&scene.judge()), [""; 0], "nobody knows the secret yet");
    assert_eq!(scene.user(0).secret("card"), card);
    scene.saw(1, Surface::Reply, &card);
    assert_eq!(scene.judge().len(), 1);
}

#[test]
fn what_is_shared_or_out_of_scope_is_not_judged() {
    let shared_rows = Rules {
        shared: vec![std::sync::Arc::new(|observation, _| {
            observation.surface() == Surface::Row
        })],
        surfaces: SurfaceSet::from_iter([Surface::Row, Surface::Reply]),
        ..Rules::default()
    };
    let mut scene = Scene::with_rules(DISTINCT, 2, shared_rows);
    let card = scene.user(0).secret("card");
    scene.saw(1, Surface::Row, &card);
    scene.saw(1, Surface::Log, &card);
    assert_eq!(said(&scene.judge()), [""; 0]);
    scene.saw(1, Surface::Reply, &card);
    assert_eq!(scene.judge().len(), 1);
}

#[test]
fn what_is_shared_does_not_show_that_the_search_works() {
    let rules = Rules {
        shared: vec![std::sync::Arc::new(|observation, _| {
            observation.surface() == Surface::Row
        })],
        ..Rules::default()
    };
    let mut scene = Scene::with_rules(DISTINCT, 3, rules);
    let own = [0, 1, 2].map(|user| scene.user(user).secret("card"));
    scene.saw(0, Surface::Row, &own[0]);
    scene.alone(0);
    scene.saw(1, Surface::Reply, &own[1]);
    scene.alone(1);
    for letter in own[2].chars() {
        scene.saw(2, Surface::Event, &letter);
    }
    scene.alone(2);
    assert_eq!(scene.judge.blind_users(), [0]);
}

#[test]
fn anothers_secret_does_not_show_that_the_search_works() {
    let mut scene = Scene::new(DISTINCT, 2);
    let [_, bens] = [0, 1].map(|user| scene.user(user).secret("card"));
    scene.saw(0, Surface::Reply, &bens);
    scene.alone(0);
    scene.saw(1, Surface::Reply, &bens);
    scene.alone(1);
    assert_eq!(scene.judge.blind_users(), [0]);
}

#[test]
fn an_error_that_a_script_fails_with_is_shown_to_its_user() {
    let mut scene = Scene::new(DISTINCT, 2);
    let card = scene.user(0).secret("card");
    scene.take.fates[1] = super::Fate::Failed(format!("no engine for {card}"));
    let violations = scene.judge();
    assert_eq!(violations.len(), 1, "{violations:?}");
    assert_eq!(
        (violations[0].user(), violations[0].surface()),
        (Some("ben"), Some(Surface::Error))
    );
}

#[test]
fn an_error_that_a_script_fails_with_is_not_judged_where_errors_are_out_of_scope() {
    let rules = Rules {
        surfaces: SurfaceSet::from_iter([Surface::Reply]),
        ..Rules::default()
    };
    let mut scene = Scene::with_rules(DISTINCT, 2, rules);
    let card = scene.user(0).secret("card");
    scene.take.fates[1] = super::Fate::Failed(card);
    assert_eq!(said(&scene.judge()), [""; 0]);
}

#[test]
fn the_memo_tells_a_failure_from_a_clean_end() {
    let mut scene = Scene::new(DISTINCT, 2);
    let card = scene.user(0).secret("card");
    assert_eq!(said(&scene.judge()), [""; 0]);
    scene.take.fates[1] = super::Fate::Failed(card);
    assert_eq!(scene.judge().len(), 1);
}

#[test]
fn one_leak_on_a_surface_is_said_once_by_its_most_telling_sight() {
    let mut scene = Scene::new(DISTINCT, 2);
    let card = scene.user(0).secret("card");
    scene.saw(1, Surface::Reply, &card[..14]);
    scene.saw(1, Surface::Reply, &json!([scene.user(0).id(), card]));
    let violations = scene.judge();
    assert_eq!(violations.len(), 2, "{violations:?}");
    assert_eq!(
        (violations[0].kind(), violations[0].form()),
        (Kind::ContextLeak, Some(Form::Plain))
    );
    assert_eq!(violations[1].kind(), Kind::Misattribution);
}
