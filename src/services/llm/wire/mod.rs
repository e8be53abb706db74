//! Replies in the words of each API.

mod anthropic_messages;
mod openai_chat;
mod openai_responses;

use serde_json::{Value, json};

use super::reply::{Reply, Usage};
use super::request::{Api, ModelRequest};

/// When every reply was made.
const CREATED: u64 = 1_700_000_000;

/// One frame of a stream: the name of the event, where the API has one, and its data.
pub(super) type Frame = (Option<String>, Value);

/// A reply, and what it is a reply to.
pub(super) struct Answered<'a> {
    pub(super) request: &'a ModelRequest,
    pub(super) reply: &'a Reply,
    /// Tells it from the other replies to the same user.
    pub(super) number: u64,
}

impl Answered<'_> {
    /// The reply as a whole.
    pub(super) fn whole(&self) -> Value {
        match self.request.api() {
            Api::OpenAiChat => openai_chat::whole(self),
            Api::OpenAiResponses => openai_responses::whole(self),
            Api::AnthropicMessages => anthropic_messages::whole(self),
        }
    }

    /// The frames of its stream.
    pub(super) fn frames(&self) -> Vec<Frame> {
        match self.request.api() {
            Api::OpenAiChat => openai_chat::frames(self),
            Api::OpenAiResponses => openai_responses::frames(self),
            Api::AnthropicMessages => anthropic_messages::frames(self),
        }
    }

    fn model(&self) -> &str {
        self.request.model()
    }

    /// An id: `kind` says of what.
    fn id(&self, kind: &str) -> String {
        let user = self.request.user.map_or(0, |user| user + 1);
        format!("{kind}{user}{:06}", self.number)
    }

    fn call_id(&self, prefix: &str, index: usize) -> String {
        self.id(&format!("{prefix}{index}"))
    }

    fn usage(&self) -> Usage {
        let words = |text: &str| u64::try_from(text.split_whitespace().count()).unwrap_or(u64::MAX);
        self.reply.usage.unwrap_or_else(|| Usage {
            input: words(&self.request.text()),
            output: words(&self.reply.whole()),
        })
    }
}

/// An error in the words of an API.
pub(super) fn error(api: Api, status: u16, message: &str) -> Value {
    let kind = match status {
        400 => "invalid_request_error",
        401 => "authentication_error",
        404 => "not_found_error",
        429 => "rate_limit_error",
        529 => "overloaded_error",
        _ => "api_error",
    };
    match api {
        Api::AnthropicMessages => {
            json!({ "type": "error", "error": { "type": kind, "message": message } })
        }
        Api::OpenAiChat | Api::OpenAiResponses => {
            json!({ "error": { "message": message, "type": kind, "param": null, "code": kind } })
        }
    }
}

/// The list of models, as OpenAI has it.
pub(super) fn models(names: &[String]) -> Value {
    let models: Vec<_> = names
        .iter()
        .map(|name| json!({ "id": name, "object": "model", "created": CREATED, "owned_by": "ssot-harness" }))
        .collect();
    json!({ "object": "list", "data": models })
}

/// The arguments of a call in pieces, as they are streamed.
fn pieces(arguments: &str) -> Vec<&str> {
    let middle = arguments.len() / 2;
    let cut = (0..=middle)
        .rev()
        .find(|&at| arguments.is_char_boundary(at))
        .unwrap_or(0);
    let (first, second) = arguments.split_at(cut);
    [first, second]
        .into_iter()
        .filter(|piece| !piece.is_empty())
        .collect()
}

#[cfg(test)]
mod tests {
    use hyper::HeaderMap;
    use rstest::rstest;
    use serde_json::{Value, json};

    use super::{Answered, Api, ModelRequest, Reply};
    use crate::events::Protocol;

    fn events(api: Api, reply: &Reply, body: Value) -> Vec<Value> {
        let request = ModelRequest::new(api, body, HeaderMap::new());
        let answered = Answered {
            request: &request,
            reply,
            number: 1,
        };
        answered.frames().into_iter().map(|(_, data)| data).collect()
    }

    #[rstest]
    fn streams_follow_their_protocols(
        #[values(Api::OpenAiChat, Api::OpenAiResponses, Api::AnthropicMessages)] api: Api,
        #[values(
            Reply::text("It rains in Oslo."),
            Reply::text(""),
            Reply::tool_call("get_weather", &json!({ "city": "Ålesund" })),
            Reply::text("Wait.").and_tool_call("a", &json!({})).and_tool_call("b", &json!({ "x": [1, 2] }))
        )]
        reply: Reply,
        #[values(false, true)] with_usage: bool,
    ) {
        let protocol = match api {
            Api::OpenAiChat => Protocol::openai_chat(),
            Api::OpenAiResponses => Protocol::openai_responses(),
            Api::AnthropicMessages => Protocol::anthropic_messages(),
        };
        let body = json!({ "model": "m", "stream": true, "stream_options": { "include_usage": with_usage } });
        let events = events(api, &reply, body);
        protocol.check(&events).unwrap();
        // Nothing of it is there by chance: without any one of the events of one that matters, it is refused.
        assert!(protocol.check(&events[1..]).is_err(), "{events:#?}");
        assert!(
            protocol.check(&events[..events.len() - 1]).is_err(),
            "{events:#?}"
        );
    }

    #[test]
    fn the_pieces_of_a_stream_are_the_whole() {
        let reply = Reply::text("It rains in Oslo.");
        let events = events(Api::OpenAiChat, &reply, json!({ "model": "m" }));
        let text: String = events
            .iter()
            .filter_map(|event| event.pointer("/choices/0/delta/content")?.as_str())
            .collect();
        assert_eq!(text, "It rains in Oslo.");
    }

    #[test]
    fn arguments_are_cut_between_characters() {
        assert_eq!(super::pieces("{}"), ["{", "}"]);
        assert_eq!(super::pieces("éé").concat(), "éé");
        assert_eq!(super::pieces("é"), ["é"]);
    }
}
