use serde_json::{Value, json};

use super::answered::{Answered, Frame, pieces};

pub(super) fn whole(answered: &Answered<'_>) -> Value {
    let blocks = blocks(answered).into_iter();
    let content: Vec<_> = blocks.map(|block| block.whole).collect();
    message(
        answered,
        &content,
        Some(stop_reason(answered)),
        answered.usage().output,
    )
}

pub(super) fn frames(answered: &Answered<'_>) -> Vec<Frame> {
    let mut frames = Vec::new();
    let mut push = |kind: &str, mut event: Value| {
        event["type"] = kind.into();
        frames.push((Some(kind.to_owned()), event));
    };
    let begun = message(answered, &[], None, 0);
    push("message_start", json!({ "message": begun }));
    for (index, block) in blocks(answered).into_iter().enumerate() {
        push(
            "content_block_start",
            json!({ "index": index, "content_block": block.empty }),
        );
        for delta in block.deltas {
            push("content_block_delta", json!({ "index": index, "delta": delta }));
        }
        push("content_block_stop", json!({ "index": index }));
    }
    push(
        "message_delta",
        json!({
            "delta": { "stop_reason": stop_reason(answered), "stop_sequence": null },
            "usage": { "output_tokens": answered.usage().output },
        }),
    );
    push("message_stop", json!({}));
    frames
}

/// A block of a message: as a whole, at its beginning, and what is added to that.
struct Block {
    whole: Value,
    empty: Value,
    deltas: Vec<Value>,
}

fn blocks(answered: &Answered<'_>) -> Vec<Block> {
    let reply = answered.reply;
    let mut blocks = Vec::new();
    if !reply.chunks.is_empty() {
        let deltas = reply.chunks.iter();
        blocks.push(Block {
            whole: json!({ "type": "text", "text": reply.whole() }),
            empty: json!({ "type": "text", "text": "" }),
            deltas: deltas
                .map(|text| json!({ "type": "text_delta", "text": text }))
                .collect(),
        });
    }
    for (index, call) in reply.tool_calls.iter().enumerate() {
        let id = answered.call_id("toolu_", index);
        let arguments = call.arguments.to_string();
        blocks.push(Block {
            whole: json!({ "type": "tool_use", "id": id, "name": call.name, "input": call.arguments }),
            empty: json!({ "type": "tool_use", "id": id, "name": call.name, "input": {} }),
            deltas: pieces(&arguments)
                .into_iter()
                .map(|piece| json!({ "type": "input_json_delta", "partial_json": piece }))
                .collect(),
        });
    }
    blocks
}

fn message(answered: &Answered<'_>, content: &[Value], stop_reason: Option<&str>, output: u64) -> Value {
    json!({
        "id": answered.id("msg_"),
        "type": "message",
        "role": "assistant",
        "model": answered.model(),
        "content": content,
        "stop_reason": stop_reason,
        "stop_sequence": null,
        "usage": {
            "input_tokens": answered.usage().input,
            "cache_creation_input_tokens": 0,
            "cache_read_input_tokens": 0,
            "output_tokens": output,
        },
    })
}

fn stop_reason(answered: &Answered<'_>) -> &'static str {
    if answered.reply.tool_calls.is_empty() {
        "end_turn"
    } else {
        "tool_use"
    }
}
