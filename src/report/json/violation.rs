use serde::Serialize;

use super::seen::Seen;
use crate::oracle::{Encoding, Likeness, Violation};
use crate::trace::Surface;
use crate::user::SecretKind;

#[derive(Serialize)]
pub(super) struct Broken<'o> {
    kind: &'static str,
    user: Option<usize>,
    owner: Option<usize>,
    surface: Option<&'static str>,
    step: u32,
    /// The invariant, or the oracle of the test, that found it.
    rule: Option<&'o str>,
    detail: &'o str,
    message: Option<&'o str>,
    secret: Option<SecretSeen<'o>>,
    encoding: Option<Encoding>,
    observation: Option<Seen<'o>>,
    /// Where the secret or the id shows, in bytes of the observation's text.
    spans: Vec<Span<'o>>,
    pointer: Option<&'o str>,
    looks_like: Option<Likeness>,
}

impl<'o> Broken<'o> {
    pub(super) fn of(violation: &'o Violation) -> Self {
        let spans = violation.spans().map(|(observation, range)| Span {
            observation: Seen::of(observation),
            start: range.start,
            end: range.end,
        });
        Self {
            kind: violation.kind().as_str(),
            user: violation.user_index(),
            owner: violation.owner_index(),
            surface: violation.surface().map(Surface::as_str),
            step: violation.step(),
            rule: violation.rule(),
            detail: violation.detail(),
            message: violation.message(),
            secret: violation
                .secret()
                .zip(violation.secret_kind())
                .map(|(label, kind)| SecretSeen { label, kind }),
            encoding: violation.encoding(),
            observation: violation.observation().map(Seen::of),
            spans: spans.collect(),
            pointer: violation.pointer(),
            looks_like: violation.looks_like(),
        }
    }
}

#[derive(Serialize)]
struct SecretSeen<'o> {
    label: &'o str,
    kind: SecretKind,
}

#[derive(Serialize)]
struct Span<'o> {
    observation: Seen<'o>,
    start: usize,
    end: usize,
}
