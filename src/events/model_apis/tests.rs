use serde_json::{Value, json};

use crate::events::Protocol;
use crate::oracle::Kind;

/// Cuts and reorders a stream that is accepted: what is said of each.
fn assert_kinds(protocol: &Protocol, whole: &[Value], wrong: &[(&str, Vec<Value>, Kind)]) {
    protocol.check(whole).unwrap();
    for (name, events, kind) in wrong {
        let error = protocol.check(events).expect_err(name);
        assert_eq!(error.kind(), Some(*kind), "{name}: {error}");
    }
    for length in 1..whole.len() {
        let beginning = whole[..length].iter().map(|event| Ok((event.clone(), None)));
        protocol.check_values(beginning, false).unwrap();
        let error = protocol.check(&whole[..length]).unwrap_err();
        assert_eq!(error.kind(), Some(Kind::EventMissing), "{length} events: {error}");
    }
}

/// A stream without the event at an index, with it twice, and with it and the next in another order.
fn without(whole: &[Value], index: usize) -> Vec<Value> {
    let mut events = whole.to_vec();
    events.remove(index);
    events
}

fn twice(whole: &[Value], index: usize) -> Vec<Value> {
    let mut events = whole.to_vec();
    events.insert(index, whole[index].clone());
    events
}

fn swapped(whole: &[Value], index: usize) -> Vec<Value> {
    let mut events = whole.to_vec();
    events.swap(index, index + 1);
    events
}

fn with(whole: &[Value], more: Value) -> Vec<Value> {
    [whole, &[more]].concat()
}

#[test]
fn anthropic_messages_come_in_their_order() {
    let block = |kind: &str, index: u64| json!({ "type": format!("content_block_{kind}"), "index": index });
    let whole = [
        json!({ "type": "message_start", "message": { "id": "msg_1" } }),
        block("start", 0),
        json!({ "type": "ping" }),
        block("delta", 0),
        block("stop", 0),
        block("start", 1),
        block("stop", 1),
        json!({ "type": "message_delta", "delta": { "stop_reason": "end_turn" } }),
        json!({ "type": "message_stop" }),
    ];
    let protocol = Protocol::anthropic_messages();
    let failed = [
        &whole[..4],
        &[json!({ "type": "error", "error": { "type": "overloaded_error" } })],
    ]
    .concat();
    protocol.check(&failed).unwrap();
    assert_kinds(
        &protocol,
        &whole,
        &[
            ("no start", without(&whole, 0), Kind::EventMissing),
            ("a late start", swapped(&whole, 0), Kind::EventOutOfOrder),
            ("two starts", twice(&whole, 0), Kind::EventDuplicated),
            (
                "a block that is not opened",
                without(&whole, 1),
                Kind::EventMissing,
            ),
            (
                "a block that is opened twice",
                twice(&whole, 1),
                Kind::EventDuplicated,
            ),
            (
                "a block that is not closed",
                without(&whole, 6),
                Kind::EventMissing,
            ),
            ("two blocks at once", without(&whole, 4), Kind::EventMissing),
            (
                "a block that is skipped",
                [&whole[..1], &whole[5..]].concat(),
                Kind::EventOutOfOrder,
            ),
            (
                "a delta after its stop",
                swapped(&whole, 3),
                Kind::EventOutOfOrder,
            ),
            ("no delta of the message", without(&whole, 7), Kind::EventMissing),
            (
                "a block after the delta of the message",
                [&whole[..8], &[block("start", 2)]].concat(),
                Kind::EventOutOfOrder,
            ),
            (
                "more after the stop",
                with(&whole, json!({ "type": "ping" })),
                Kind::EventAfterTerminal,
            ),
            ("two stops", twice(&whole, 8), Kind::EventDuplicated),
            (
                "more after an error",
                with(&failed, whole[4].clone()),
                Kind::EventAfterTerminal,
            ),
            (
                "a block without an index",
                vec![whole[0].clone(), json!({ "type": "content_block_start" })],
                Kind::EventMalformed,
            ),
            (
                "another type",
                vec![whole[0].clone(), json!({ "type": "message_pause" })],
                Kind::EventMalformed,
            ),
        ],
    );
}

#[test]
fn chunks_of_a_chat_come_in_their_order() {
    let chunk = |delta: Value, reason: Value| {
        json!({
            "id": "chatcmpl-1", "object": "chat.completion.chunk", "choices": [{ "index": 0, "delta": delta, "finish_reason": reason }],
        })
    };
    let usage = json!({ "id": "chatcmpl-1", "object": "chat.completion.chunk", "choices": [], "usage": { "total_tokens": 3 } });
    let whole = [
        chunk(json!({ "role": "assistant", "content": "" }), Value::Null),
        chunk(json!({ "content": "hel" }), Value::Null),
        chunk(json!({ "content": "lo" }), Value::Null),
        chunk(json!({}), json!("stop")),
        usage.clone(),
        json!("[DONE]"),
    ];
    let protocol = Protocol::openai_chat();
    protocol.check(without(&whole, 4)).unwrap();
    protocol
        .check([
            whole[0].clone(),
            json!({ "object": "error", "error": { "message": "overloaded" } }),
        ])
        .unwrap();
    let mut another_choice = whole[0].clone();
    another_choice["choices"][0]["index"] = json!(1);
    let of_another = json!({ "id": "chatcmpl-2", "object": "chat.completion.chunk", "choices": [] });
    assert_kinds(
        &protocol,
        &whole,
        &[
            ("no role", without(&whole, 0), Kind::EventMalformed),
            ("no reason to finish", without(&whole, 3), Kind::EventMissing),
            (
                "text after the end of its choice",
                swapped(&whole, 2),
                Kind::EventAfterTerminal,
            ),
            ("usage twice", twice(&whole, 4), Kind::EventDuplicated),
            (
                "a choice after the usage",
                [&whole[..5], &[another_choice]].concat(),
                Kind::EventOutOfOrder,
            ),
            ("usage before the end", swapped(&whole, 3), Kind::EventMissing),
            ("nothing but the end", vec![json!("[DONE]")], Kind::EventMissing),
            ("two ends", twice(&whole, 5), Kind::EventDuplicated),
            (
                "more after the end",
                with(&whole, usage.clone()),
                Kind::EventAfterTerminal,
            ),
            (
                "a chunk of another completion",
                [&whole[..2], &[of_another]].concat(),
                Kind::Misattribution,
            ),
            (
                "no chunk",
                vec![json!({ "object": "chat.completion" })],
                Kind::EventMalformed,
            ),
        ],
    );
}

#[test]
#[expect(clippy::too_many_lines, reason = "one table of streams")]
fn events_of_a_response_come_in_their_order() {
    let numbered = |events: &[Value]| -> Vec<Value> {
        let mut events = events.to_vec();
        for (number, event) in events.iter_mut().enumerate() {
            event["sequence_number"] = json!(number);
        }
        events
    };
    let of_item =
        |kind: &str| json!({ "type": format!("response.{kind}"), "output_index": 0, "item_id": "i" });
    let of_part = |kind: &str| json!({ "type": format!("response.{kind}"), "output_index": 0, "content_index": 0, "item_id": "i" });
    let response = |kind: &str| json!({ "type": format!("response.{kind}"), "response": { "id": "resp_1" } });
    let plain = [
        response("created"),
        response("in_progress"),
        of_item("output_item.added"),
        of_part("content_part.added"),
        of_part("output_text.delta"),
        of_part("output_text.done"),
        of_part("content_part.done"),
        of_item("output_item.done"),
        response("completed"),
    ];
    let whole = numbered(&plain);
    let again = |events: Vec<Value>| numbered(&events);
    let protocol = Protocol::openai_responses();
    protocol
        .check(numbered(&[
            response("created"),
            of_item("output_item.added"),
            of_item("function_call_arguments.delta"),
            of_item("function_call_arguments.done"),
            of_item("output_item.done"),
            response("completed"),
        ]))
        .unwrap();
    protocol
        .check(numbered(&[
            response("created"),
            of_item("output_item.added"),
            response("failed"),
        ]))
        .unwrap();
    let mut of_another = plain.to_vec();
    of_another[8]["response"]["id"] = json!("resp_2");
    assert_kinds(
        &protocol,
        &whole,
        &[
            (
                "a number that is left out",
                without(&whole, 4),
                Kind::EventMissing,
            ),
            (
                "numbers in another order",
                swapped(&whole, 4),
                Kind::EventOutOfOrder,
            ),
            ("a number twice", twice(&whole, 4), Kind::EventDuplicated),
            ("no number", plain.to_vec(), Kind::EventMalformed),
            ("not created", again(without(&plain, 0)), Kind::EventMissing),
            (
                "created too late",
                again(swapped(&plain, 0)),
                Kind::EventOutOfOrder,
            ),
            ("created twice", again(twice(&plain, 0)), Kind::EventDuplicated),
            (
                "an item that was not added",
                again(without(&plain, 2)),
                Kind::EventMissing,
            ),
            (
                "an item that is added twice",
                again(twice(&plain, 2)),
                Kind::EventDuplicated,
            ),
            (
                "a part that was not added",
                again(without(&plain, 3)),
                Kind::EventOutOfOrder,
            ),
            (
                "a text that is not done",
                again(without(&plain, 5)),
                Kind::EventMissing,
            ),
            (
                "a text that is done twice",
                again(twice(&plain, 5)),
                Kind::EventDuplicated,
            ),
            (
                "a delta after its text is done",
                again(swapped(&plain, 4)),
                Kind::EventOutOfOrder,
            ),
            (
                "a part that is not done",
                again(without(&plain, 6)),
                Kind::EventMissing,
            ),
            (
                "an item that is not done",
                again(without(&plain, 7)),
                Kind::EventMissing,
            ),
            (
                "an item that is done too early",
                again(swapped(&plain, 6)),
                Kind::EventMissing,
            ),
            ("two ends", again(twice(&plain, 8)), Kind::EventDuplicated),
            (
                "more after the end",
                again(with(&plain, of_item("output_item.added"))),
                Kind::EventAfterTerminal,
            ),
            (
                "the end of another response",
                again(of_another),
                Kind::Misattribution,
            ),
        ],
    );
}
