use std::fmt::Write as _;

use serde::Deserialize;
use serde_json::Value;

use crate::events::Protocol;
use crate::oracle::Kind;

/// A stream, and what is wrong with it. All but those that are `ours` were given to the reference client, `@ag-ui/client` 1.0.0, its expansion
/// of chunks and its verifier, which accepts and rejects the same.
#[derive(Deserialize)]
struct Stream {
    name: String,
    events: Vec<Value>,
    kind: Option<String>,
}

fn streams() -> Vec<Stream> {
    serde_json::from_str(include_str!("streams.json")).unwrap()
}

#[test]
fn streams_are_accepted_and_rejected_as_by_the_reference_client() {
    let protocol = Protocol::ag_ui();
    let streams = streams();
    let (accepted, rejected) = streams
        .iter()
        .partition::<Vec<&Stream>, _>(|stream| stream.kind.is_none());
    assert!(accepted.len() >= 25 && rejected.len() >= 40);
    for Stream { name, events, kind } in &streams {
        let found = match protocol.check(events) {
            Ok(()) => None,
            Err(error) => Some((
                error.kind().map(Kind::as_str).unwrap().to_owned(),
                error.to_string(),
            )),
        };
        let said = found.as_ref().map(|(_, said)| said);
        assert_eq!(
            found.as_ref().map(|(kind, _)| kind),
            kind.as_ref(),
            "{name}: {said:?}"
        );
    }
}

#[test]
fn each_rejection_has_its_reason() {
    let protocol = Protocol::ag_ui();
    let mut reasons = String::new();
    for Stream { name, events, .. } in streams() {
        if let Err(error) = protocol.check(&events) {
            writeln!(reasons, "{name}\n  {error}").unwrap();
        }
    }
    let mut settings = insta::Settings::clone_current();
    settings.set_snapshot_path("../../../snapshots");
    settings.set_prepend_module_to_snapshot(false);
    settings.set_omit_expression(true);
    settings.bind(|| insta::assert_snapshot!("ag_ui_rejections", reasons));
}

/// Wherever a stream that is accepted is cut, it is not whole, but what there is of it is right.
#[test]
fn the_beginning_of_a_stream_is_right_as_far_as_it_goes() {
    let protocol = Protocol::ag_ui();
    for Stream { name, events, kind } in streams() {
        if kind.is_some() {
            continue;
        }
        for length in 0..events.len() {
            let beginning = events[..length].iter().map(|event| Ok((event.clone(), None)));
            if let Err(error) = protocol.check_values(beginning, false) {
                panic!("{name}, {length} events: {error}");
            }
        }
    }
}
