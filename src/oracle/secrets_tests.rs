use rstest::rstest;
use serde_json::{Value, json};

use super::text_search::Encoder;
use super::trace_sample::{DISTINCT, TraceSample, said};
use super::{Encoding, Kind, Rules};
use crate::trace::{Surface, SurfaceSet};
use crate::user::SecretKind;

/// What ben is accused of where he sees `shown`, which is made of a secret of ada's.
fn accusation(shown: impl Fn(&str) -> Value) -> Vec<super::Violation> {
    let mut sample = TraceSample::new(DISTINCT, 3);
    let secret = sample.user(0).secret("card");
    sample.saw(1, Surface::Reply, &shown(&secret));
    sample.judge()
}

#[test]
fn a_leak_names_viewer_owner_surface_secret_and_encoding() {
    let violations = accusation(|secret| json!({ "answer": format!("paid with {secret}") }));
    let [leak] = violations.as_slice() else {
        panic!("{violations:?}")
    };
    assert_eq!(leak.kind(), Kind::ContextLeak);
    assert_eq!((leak.user(), leak.user_index()), (Some("ben"), Some(1)));
    assert_eq!((leak.owner(), leak.owner_index()), (Some("ada"), Some(0)));
    assert_eq!(leak.surface(), Some(Surface::Reply));
    assert_eq!(
        (leak.secret(), leak.encoding()),
        (Some("card"), Some(Encoding::Plain))
    );
    assert_eq!(leak.step(), 1);
    assert!(
        leak.observation()
            .is_some_and(|observation| observation.text().contains("paid with"))
    );
    assert_eq!(leak.detail(), "ben saw ada's secret `card` on the surface reply");
}

#[rstest]
#[case(Encoder::Plain, Encoding::Plain)]
#[case(Encoder::Upper, Encoding::Plain)]
#[case(Encoder::Mixed, Encoding::Plain)]
#[case(Encoder::Json, Encoding::Json)]
#[case(Encoder::JsonTwice, Encoding::Json)]
#[case(Encoder::Url, Encoding::Url)]
#[case(Encoder::UrlLower, Encoding::Url)]
#[case(Encoder::UrlTwice, Encoding::Url)]
#[case(Encoder::Hex, Encoding::Hex)]
#[case(Encoder::HexUpper, Encoding::Hex)]
#[case(Encoder::HexMixed, Encoding::Hex)]
#[case(Encoder::Base64, Encoding::Base64)]
#[case(Encoder::Base64Unpadded, Encoding::Base64)]
#[case(Encoder::Base64Url, Encoding::Base64)]
#[case(Encoder::Base64UrlPadded, Encoding::Base64)]
#[case(Encoder::Base64InLines, Encoding::Base64)]
#[case(Encoder::Base64Lower, Encoding::Base64)]
#[case(Encoder::Base64Upper, Encoding::Base64)]
#[case(Encoder::Bytes, Encoding::Bytes)]
#[case(Encoder::Base64OfUpper, Encoding::Base64)]
#[case(Encoder::Base64OfMixed, Encoding::Base64)]
fn a_secret_is_found_in_every_encoding(#[case] encoder: Encoder, #[case] encoding: Encoding) {
    let violations = accusation(|secret| json!({ "note": format!("x {} y", encoder.encode(secret)) }));
    assert_eq!(violations.len(), 1, "{encoder:?}: {violations:?}");
    assert_eq!(violations[0].encoding(), Some(encoding), "{encoder:?}");
}

#[rstest]
#[case::an_array_of_bytes(|secret: &str| json!(secret.as_bytes()))]
#[case::a_key(|secret: &str| json!({ secret: 1 }))]
#[case::a_list_of_chunks(|secret: &str| json!([secret[..3], secret[3..9], secret[9..]]))]
#[case::a_list_of_letters(|secret: &str| json!(secret.chars().collect::<Vec<_>>()))]
#[case::json_in_a_string(|secret: &str| json!(json!({ "card": Encoder::Json.encode(secret) }).to_string()))]
#[case::a_token(|secret: &str| {
    let payload = Encoder::Base64Url.encode(&json!({ "card": secret }).to_string());
    json!(format!("Bearer eyJhbGciOiJub25lIn0.{payload}."))
})]
#[case::after_other_base64(|secret: &str| json!({ "url": format!("/token=abc/{}", Encoder::Base64.encode(secret)) }))]
#[case::after_padding_and_more_base64(|secret: &str| json!(format!("==a0aA0+0//0{}", Encoder::Base64OfUpper.encode(secret))))]
#[case::each_chunk_encoded(|secret: &str| {
    let chunks = [&secret[..8], &secret[8..16], &secret[16..24], &secret[24..]];
    json!(chunks.map(|chunk| Encoder::Base64.encode(chunk)))
})]
#[case::base64_in_lines(|secret: &str| {
    let encoded = Encoder::Base64.encode(secret);
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
    let mut sample = TraceSample::new(DISTINCT, 2);
    let secret = sample.user(0).secret("card");
    for chunk in secret.as_bytes().chunks(size) {
        let chunk = std::str::from_utf8(chunk).expect("a secret is ASCII");
        sample.saw(1, Surface::Event, &json!({ "type": "token", "text": chunk }));
        sample.saw(
            0,
            Surface::Event,
            &json!({ "type": "token", "text": "of another stream" }),
        );
    }
    let violations = sample.judge();
    let [leak] = violations.as_slice() else {
        panic!("{violations:?}")
    };
    assert_eq!(
        (leak.encoding(), leak.owner()),
        (Some(Encoding::Chunks), Some("ada"))
    );
    let completing = u32::try_from(12_usize.div_ceil(size)).expect("a few chunks");
    assert_eq!(
        leak.step(),
        2 * completing - 1,
        "twelve characters are there with chunk {completing}"
    );
}

#[test]
fn streams_side_by_side_are_told_apart() {
    let mut sample = TraceSample::new(DISTINCT, 2);
    let card = sample.user(0).secret("card");
    for letter in card.chars() {
        sample.saw(
            1,
            Surface::Event,
            &json!({ "choices": [{ "text": letter }, { "text": "other" }] }),
        );
    }
    assert_eq!(sample.judge().len(), 1);
}

#[test]
fn a_stream_of_bytes_is_put_together() {
    let mut sample = TraceSample::new(DISTINCT, 2);
    let card = sample.user(0).secret("card");
    for chunk in card.as_bytes().chunks(2) {
        sample.saw(1, Surface::Event, chunk);
    }
    assert_eq!(sample.judge().len(), 1);
}

#[test]
fn an_encoding_split_into_chunks_is_found() {
    let mut sample = TraceSample::new(DISTINCT, 2);
    let encoded = Encoder::Base64.encode(&format!("card: {}", sample.user(0).secret("card")));
    for chunk in encoded.as_bytes().chunks(3) {
        sample.saw(1, Surface::Reply, &String::from_utf8_lossy(chunk));
    }
    assert_eq!(sample.judge()[0].encoding(), Some(Encoding::Chunks));
}

#[test]
fn twelve_characters_in_a_row_tell_and_eleven_do_not() {
    for start in 0..=14 {
        let twelve = accusation(|secret| json!(format!("… {}!", &secret[start..start + 12])));
        assert_eq!(twelve.len(), 1, "from {start}");
        assert_eq!(twelve[0].encoding(), Some(Encoding::Part));
        assert_eq!(
            twelve[0].detail(),
            "ben saw part of ada's secret `card` on the surface reply"
        );
        let eleven = accusation(|secret| json!(format!("… {}!", &secret[start..start + 11])));
        assert!(eleven.is_empty(), "from {start}: {eleven:?}");
    }
}

#[rstest]
#[case::whole(|card: &str| card.to_owned(), Encoding::Plain)]
#[case::without_its_end(|card: &str| card[..25].to_owned(), Encoding::Part)]
#[case::without_its_start(|card: &str| card[1..].to_owned(), Encoding::Part)]
#[case::in_part_and_whole_but_encoded(
    |card: &str| format!("{} {}", &card[..14], Encoder::Hex.encode(card)),
    Encoding::Hex
)]
fn a_whole_secret_is_told_from_a_part(#[case] shown: fn(&str) -> String, #[case] encoding: Encoding) {
    assert_eq!(
        accusation(|card| json!(shown(card)))[0].encoding(),
        Some(encoding)
    );
}

#[test]
fn typed_secrets_are_found_and_named_with_their_kind() {
    let mut sample = TraceSample::new(DISTINCT, 2);
    let ada = sample.user(0);
    let uuid = ada.secret_uuid("device");
    sample.saw(1, Surface::Reply, &ada.secret_number("pin"));
    sample.saw(1, Surface::Event, &ada.secret_email("home").replace('@', "%40"));
    sample.saw(1, Surface::Row, &uuid.to_uppercase());
    sample.saw(1, Surface::Http, &uuid.replace('-', "")[..20]);
    let mut secrets: Vec<_> = sample
        .judge()
        .iter()
        .map(|leak| {
            let label = leak.secret().expect("a secret leaks").to_owned();
            (
                label,
                leak.secret_kind(),
                leak.detail().contains(&leak.secret_name().expect("it is named")),
            )
        })
        .collect();
    secrets.sort();
    let expected = [
        ("device", SecretKind::Uuid),
        ("device", SecretKind::Uuid),
        ("home", SecretKind::Email),
        ("pin", SecretKind::Number),
    ];
    assert_eq!(
        secrets,
        expected.map(|(label, kind)| (label.to_owned(), Some(kind), true))
    );
}

#[test]
fn a_user_may_see_its_own_secrets() {
    let mut sample = TraceSample::new(DISTINCT, 2);
    for encoding in Encoder::ALL {
        sample.saw(
            1,
            Surface::Reply,
            &encoding.encode(&sample.user(1).secret("card")),
        );
    }
    assert_eq!(said(&sample.judge()), [""; 0]);
}

#[test]
fn a_secret_minted_later_is_found_in_what_was_clean_before() {
    let mut sample = TraceSample::new(DISTINCT, 2);
    let card = TraceSample::new(DISTINCT, 2).user(0).secret("card");
    sample.saw(1, Surface::Reply, &card);
    assert_eq!(said(&sample.judge()), [""; 0], "nobody knows the secret yet");
    assert_eq!(sample.user(0).secret("card"), card);
    sample.saw(1, Surface::Reply, &card);
    assert_eq!(sample.judge().len(), 1);
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
    let mut sample = TraceSample::with_rules(DISTINCT, 2, shared_rows);
    let card = sample.user(0).secret("card");
    sample.saw(1, Surface::Row, &card);
    sample.saw(1, Surface::Log, &card);
    assert_eq!(said(&sample.judge()), [""; 0]);
    sample.saw(1, Surface::Reply, &card);
    assert_eq!(sample.judge().len(), 1);
}

#[test]
fn what_is_shared_does_not_show_that_the_search_works() {
    let rules = Rules {
        shared: vec![std::sync::Arc::new(|observation, _| {
            observation.surface() == Surface::Row
        })],
        ..Rules::default()
    };
    let mut sample = TraceSample::with_rules(DISTINCT, 3, rules);
    let own = [0, 1, 2].map(|user| sample.user(user).secret("card"));
    sample.saw(0, Surface::Row, &own[0]);
    sample.alone(0);
    sample.saw(1, Surface::Reply, &own[1]);
    sample.alone(1);
    for letter in own[2].chars() {
        sample.saw(2, Surface::Event, &letter);
    }
    sample.alone(2);
    assert_eq!(sample.judge.blind_users(), [0]);
}

#[test]
fn anothers_secret_does_not_show_that_the_search_works() {
    let mut sample = TraceSample::new(DISTINCT, 2);
    let [_, bens] = [0, 1].map(|user| sample.user(user).secret("card"));
    sample.saw(0, Surface::Reply, &bens);
    sample.alone(0);
    sample.saw(1, Surface::Reply, &bens);
    sample.alone(1);
    assert_eq!(sample.judge.blind_users(), [0]);
}

#[test]
fn an_error_that_a_script_fails_with_is_shown_to_its_user() {
    let mut sample = TraceSample::new(DISTINCT, 2);
    let card = sample.user(0).secret("card");
    sample.take.script_outcomes[1] = super::ScriptOutcome::Failed(format!("no engine for {card}"));
    let violations = sample.judge();
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
    let mut sample = TraceSample::with_rules(DISTINCT, 2, rules);
    let card = sample.user(0).secret("card");
    sample.take.script_outcomes[1] = super::ScriptOutcome::Failed(card);
    assert_eq!(said(&sample.judge()), [""; 0]);
}

#[test]
fn the_cache_tells_a_failure_from_a_clean_end() {
    let mut sample = TraceSample::new(DISTINCT, 2);
    let card = sample.user(0).secret("card");
    assert_eq!(said(&sample.judge()), [""; 0]);
    sample.take.script_outcomes[1] = super::ScriptOutcome::Failed(card);
    assert_eq!(sample.judge().len(), 1);
}

#[test]
fn one_leak_on_a_surface_is_said_once_by_its_most_telling_found() {
    let mut sample = TraceSample::new(DISTINCT, 2);
    let card = sample.user(0).secret("card");
    sample.saw(1, Surface::Reply, &card[..14]);
    sample.saw(1, Surface::Reply, &json!([sample.user(0).id(), card]));
    let violations = sample.judge();
    assert_eq!(violations.len(), 2, "{violations:?}");
    assert_eq!(
        (violations[0].kind(), violations[0].encoding()),
        (Kind::ContextLeak, Some(Encoding::Plain))
    );
    assert_eq!(violations[1].kind(), Kind::Misattribution);
}
