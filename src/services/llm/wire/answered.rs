//! A reply on its way into the words of an API.

use serde_json::Value;

use crate::services::llm::reply::{Reply, Usage};
use crate::services::llm::request::ModelRequest;

/// When every reply was made.
pub(super) const CREATED: u64 = 1_700_000_000;

/// One frame of a stream: the name of the event, where the API has one, and its data.
pub(in crate::services::llm) type Frame = (Option<String>, Value);

/// A reply, and what it is a reply to.
pub(in crate::services::llm) struct Answered<'a> {
    pub(in crate::services::llm) request: &'a ModelRequest,
    pub(in crate::services::llm) reply: &'a Reply,
    /// Tells it from the other replies to the same user.
    pub(in crate::services::llm) number: u64,
}

impl Answered<'_> {
    pub(super) fn model(&self) -> &str {
        self.request.model()
    }

    /// An id: `kind` says of what.
    pub(super) fn id(&self, kind: &str) -> String {
        let user = self.request.user.map_or(0, |user| user + 1);
        format!("{kind}{user}{:06}", self.number)
    }

    pub(super) fn call_id(&self, prefix: &str, index: usize) -> String {
        self.id(&format!("{prefix}{index}"))
    }

    pub(super) fn usage(&self) -> Usage {
        let words = |text: &str| u64::try_from(text.split_whitespace().count()).unwrap_or(u64::MAX);
        self.reply.usage.unwrap_or_else(|| Usage {
            input: words(&self.request.text()),
            output: words(&self.reply.whole()),
        })
    }
}

/// The arguments of a call in pieces, as they are streamed.
pub(super) fn pieces(arguments: &str) -> Vec<&str> {
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
