use serde_json::{Value, json};

use super::answered::{Answered, CREATED, Frame, pieces};

/// What ends a stream.
const DONE: &str = "[DONE]";

pub(super) fn whole(answered: &Answered<'_>) -> Value {
    let text = answered.reply.whole();
    let calls: Vec<_> = tool_calls(answered).collect();
    let mut message = json!({ "role": "assistant", "content": text, "refusal": null });
    if !calls.is_empty() {
        message["tool_calls"] = Value::Array(calls);
        if text.is_empty() {
            message["content"] = Value::Null;
        }
    }
    json!({
        "id": answered.id("chatcmpl-"),
        "object": "chat.completion",
        "created": CREATED,
        "model": answered.model(),
        "choices": [{ "index": 0, "message": message, "logprobs": null, "finish_reason": finish_reason(answered) }],
        "usage": usage(answered),
    })
}

pub(super) fn frames(answered: &Answered<'_>) -> Vec<Frame> {
    let chunk = |delta: Value, finish_reason: Value| -> Frame {
        let choice = json!({ "index": 0, "delta": delta, "logprobs": null, "finish_reason": finish_reason });
        (None, envelope(answered, &[choice]))
    };
    let mut frames = vec![chunk(json!({ "role": "assistant", "content": "" }), Value::Null)];
    for text in &answered.reply.chunks {
        frames.push(chunk(json!({ "content": text }), Value::Null));
    }
    for (index, call) in tool_calls(answered).enumerate() {
        let arguments = call["function"]["arguments"].as_str().unwrap_or_default();
        let begin = json!({
            "index": index, "id": call["id"], "type": "function",
            "function": { "name": call["function"]["name"], "arguments": "" },
        });
        frames.push(chunk(json!({ "tool_calls": [begin] }), Value::Null));
        for piece in pieces(arguments) {
            let more = json!({ "index": index, "function": { "arguments": piece } });
            frames.push(chunk(json!({ "tool_calls": [more] }), Value::Null));
        }
    }
    frames.push(chunk(json!({}), finish_reason(answered).into()));
    if answered.request.body()["stream_options"]["include_usage"] == true {
        let mut last = envelope(answered, &[]);
        last["usage"] = usage(answered);
        frames.push((None, last));
    }
    frames.push((None, DONE.into()));
    frames
}

fn envelope(answered: &Answered<'_>, choices: &[Value]) -> Value {
    json!({
        "id": answered.id("chatcmpl-"),
        "object": "chat.completion.chunk",
        "created": CREATED,
        "model": answered.model(),
        "choices": choices,
    })
}

fn tool_calls<'a>(answered: &'a Answered<'_>) -> impl Iterator<Item = Value> + 'a {
    let calls = answered.reply.tool_calls.iter().enumerate();
    calls.map(|(index, call)| {
        json!({
            "id": answered.call_id("call_", index),
            "type": "function",
            "function": { "name": call.name, "arguments": call.arguments.to_string() },
        })
    })
}

fn finish_reason(answered: &Answered<'_>) -> &'static str {
    if answered.reply.tool_calls.is_empty() {
        "stop"
    } else {
        "tool_calls"
    }
}

fn usage(answered: &Answered<'_>) -> Value {
    let usage = answered.usage();
    json!({
        "prompt_tokens": usage.input,
        "completion_tokens": usage.output,
        "total_tokens": usage.input + usage.output,
        "prompt_tokens_details": { "cached_tokens": 0 },
        "completion_tokens_details": { "reasoning_tokens": 0 },
    })
}
