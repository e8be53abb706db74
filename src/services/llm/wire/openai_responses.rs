use serde_json::{Value, json};

use super::answered::{Answered, CREATED, Frame, pieces};

pub(super) fn whole(answered: &Answered<'_>) -> Value {
    let output: Vec<_> = items(answered)
        .into_iter()
        .map(|item| item.value("completed"))
        .collect();
    response(answered, "completed", &output)
}

pub(super) fn frames(answered: &Answered<'_>) -> Vec<Frame> {
    let mut stream = Stream::default();
    for kind in ["response.created", "response.in_progress"] {
        stream.push(
            kind,
            json!({ "response": response(answered, "in_progress", &[]) }),
        );
    }
    let items = items(answered);
    for (index, item) in items.iter().enumerate() {
        let added = json!({ "output_index": index, "item": item.value("in_progress") });
        stream.push("response.output_item.added", added);
        match item {
            Item::Message { id, chunks } => stream.message(index, id, chunks),
            Item::Call {
                id, name, arguments, ..
            } => stream.call(index, id, name, arguments),
        }
        let done = json!({ "output_index": index, "item": item.value("completed") });
        stream.push("response.output_item.done", done);
    }
    let output: Vec<_> = items.iter().map(|item| item.value("completed")).collect();
    stream.push(
        "response.completed",
        json!({ "response": response(answered, "completed", &output) }),
    );
    stream.0
}

/// Numbered events.
#[derive(Default)]
struct Stream(Vec<Frame>);

impl Stream {
    fn push(&mut self, kind: &str, mut event: Value) {
        event["type"] = kind.into();
        event["sequence_number"] = self.0.len().into();
        self.0.push((Some(kind.to_owned()), event));
    }

    fn message(&mut self, index: usize, id: &str, chunks: &[String]) {
        let of_part = |more: Value| {
            let mut event = json!({ "item_id": id, "output_index": index, "content_index": 0 });
            if let (Value::Object(event), Value::Object(more)) = (&mut event, more) {
                event.extend(more);
            }
            event
        };
        self.push(
            "response.content_part.added",
            of_part(json!({ "part": part("") })),
        );
        for chunk in chunks {
            self.push(
                "response.output_text.delta",
                of_part(json!({ "delta": chunk, "logprobs": [] })),
            );
        }
        let text = chunks.concat();
        self.push(
            "response.output_text.done",
            of_part(json!({ "text": text, "logprobs": [] })),
        );
        self.push(
            "response.content_part.done",
            of_part(json!({ "part": part(&text) })),
        );
    }

    fn call(&mut self, index: usize, id: &str, name: &str, arguments: &str) {
        for piece in pieces(arguments) {
            self.push(
                "response.function_call_arguments.delta",
                json!({ "item_id": id, "output_index": index, "delta": piece }),
            );
        }
        self.push(
            "response.function_call_arguments.done",
            json!({ "item_id": id, "output_index": index, "name": name, "arguments": arguments }),
        );
    }
}

/// What the model puts out.
enum Item<'a> {
    Message {
        id: String,
        chunks: &'a [String],
    },
    Call {
        id: String,
        call_id: String,
        name: &'a str,
        arguments: String,
    },
}

fn items<'a>(answered: &'a Answered<'_>) -> Vec<Item<'a>> {
    let reply = answered.reply;
    let mut items = Vec::new();
    if !reply.chunks.is_empty() || reply.tool_calls.is_empty() {
        items.push(Item::Message {
            id: answered.id("msg_"),
            chunks: &reply.chunks,
        });
    }
    for (index, call) in reply.tool_calls.iter().enumerate() {
        items.push(Item::Call {
            id: answered.call_id("fc_", index),
            call_id: answered.call_id("call_", index),
            name: &call.name,
            arguments: call.arguments.to_string(),
        });
    }
    items
}

impl Item<'_> {
    /// As it stands at its beginning, `in_progress`, or at its end, `completed`.
    fn value(&self, status: &str) -> Value {
        let is_done = status == "completed";
        match self {
            Self::Message { id, chunks } => {
                let content = if is_done {
                    vec![part(&chunks.concat())]
                } else {
                    Vec::new()
                };
                json!({ "type": "message", "id": id, "status": status, "role": "assistant", "content": content })
            }
            Self::Call {
                id,
                call_id,
                name,
                arguments,
            } => {
                let arguments = if is_done { arguments } else { "" };
                json!({
                    "type": "function_call", "id": id, "call_id": call_id, "name": name, "arguments": arguments,
                    "status": status,
                })
            }
        }
    }
}

fn part(text: &str) -> Value {
    json!({ "type": "output_text", "text": text, "annotations": [], "logprobs": [] })
}

fn response(answered: &Answered<'_>, status: &str, output: &[Value]) -> Value {
    let usage = answered.usage();
    let usage = json!({
        "input_tokens": usage.input,
        "input_tokens_details": { "cached_tokens": 0, "cache_write_tokens": 0 },
        "output_tokens": usage.output,
        "output_tokens_details": { "reasoning_tokens": 0 },
        "total_tokens": usage.input + usage.output,
    });
    let request = answered.request.body();
    json!({
        "id": answered.id("resp_"),
        "object": "response",
        "created_at": CREATED,
        "status": status,
        "background": false,
        "error": null,
        "incomplete_details": null,
        "instructions": request["instructions"],
        "max_output_tokens": null,
        "model": answered.model(),
        "output": output,
        "parallel_tool_calls": true,
        "previous_response_id": request["previous_response_id"],
        "reasoning": { "effort": null, "summary": null },
        "store": false,
        "temperature": 1.0,
        "text": { "format": { "type": "text" } },
        "tool_choice": "auto",
        "tools": [],
        "top_p": 1.0,
        "truncation": "disabled",
        "usage": if status == "completed" { usage } else { Value::Null },
        "metadata": {},
    })
}
