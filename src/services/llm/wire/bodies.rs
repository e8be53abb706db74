//! Bodies and frames, by API.

use serde_json::{Value, json};

use super::answered::{Answered, CREATED, Frame};
use super::{anthropic_messages, openai_chat, openai_responses};
use crate::services::llm::request::Api;

impl Answered<'_> {
    /// The reply as a whole.
    pub(in crate::services::llm) fn whole(&self) -> Value {
        match self.request.api() {
            Api::OpenAiChat => openai_chat::whole(self),
            Api::OpenAiResponses => openai_responses::whole(self),
            Api::AnthropicMessages => anthropic_messages::whole(self),
        }
    }

    /// The frames of its stream.
    pub(in crate::services::llm) fn frames(&self) -> Vec<Frame> {
        match self.request.api() {
            Api::OpenAiChat => openai_chat::frames(self),
            Api::OpenAiResponses => openai_responses::frames(self),
            Api::AnthropicMessages => anthropic_messages::frames(self),
        }
    }
}

/// An error in the words of an API.
pub(in crate::services::llm) fn error(api: Api, status: u16, message: &str) -> Value {
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
pub(in crate::services::llm) fn models(names: &[String]) -> Value {
    let models: Vec<_> = names
        .iter()
        .map(|name| json!({ "id": name, "object": "model", "created": CREATED, "owned_by": "ssot-harness" }))
        .collect();
    json!({ "object": "list", "data": models })
}

#[cfg(test)]
mod tests {
    use hyper::HeaderMap;
    use rstest::rstest;
    use serde_json::{Value, json};

    use super::{Answered, Api};
    use crate::events::Protocol;
    use crate::services::llm::reply::Reply;
    use crate::services::llm::request::ModelRequest;
    use crate::services::llm::wire::answered::pieces;

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
        assert_eq!(pieces("{}"), ["{", "}"]);
        assert_eq!(pieces("éé").concat(), "éé");
        assert_eq!(pieces("é"), ["é"]);
    }
}
