use std::sync::Arc;

use hyper::body::Bytes;
use hyper::header::{CONTENT_TYPE, HeaderMap, SET_COOKIE};
use hyper::http::response::Parts;
use serde::Serialize;
use serde_json::{Map, Value, json};

use super::settings::{Treatment, Treatments};
use crate::trace::{Issued, Observer, Surface};

/// A value of a cookie this long is a credential: a shorter one says little that could not be guessed.
const CREDENTIAL: usize = 16;

/// A reply while it comes. It is observed once, when it is dropped: as a whole, or as far as it came.
#[derive(Debug)]
pub(super) struct Reading {
    observer: Observer,
    treatments: Treatments,
    pub(super) parts: Parts,
    body: Vec<u8>,
    trailers: Option<HeaderMap>,
    is_finished: bool,
    /// Somebody else observes it.
    is_given_up: bool,
    /// Tokens in the body that let their holder act as the user.
    credentials: Vec<Issued>,
}

impl Reading {
    pub(super) fn new(observer: Observer, treatments: Treatments, parts: Parts) -> Self {
        Self {
            observer,
            treatments,
            parts,
            body: Vec::new(),
            trailers: None,
            is_finished: false,
            is_given_up: false,
            credentials: Vec::new(),
        }
    }

    pub(super) fn add(&mut self, data: &[u8]) {
        self.body.extend_from_slice(data);
    }

    pub(super) fn add_trailers(&mut self, trailers: HeaderMap) {
        self.trailers = Some(trailers);
    }

    pub(super) fn finish(&mut self) {
        self.is_finished = true;
    }

    /// Takes the token at a JSON pointer of the body for a credential, and returns it.
    pub(super) fn take_token(&mut self, pointer: &str) -> Option<String> {
        let value: Value = serde_json::from_slice(&self.body).ok()?;
        let token = value.pointer(pointer)?.as_str()?.to_owned();
        self.credentials.push(Issued {
            name: pointer.into(),
            text: token.as_str().into(),
            is_credential: token.len() >= CREDENTIAL,
        });
        Some(token)
    }

    /// The head, which somebody else observes.
    pub(super) fn into_parts(mut self) -> Parts {
        self.is_given_up = true;
        let (empty, ()) = hyper::Response::new(()).into_parts();
        std::mem::replace(&mut self.parts, empty)
    }

    /// The body so far.
    pub(super) fn body(&self) -> Bytes {
        Bytes::copy_from_slice(&self.body)
    }
}

impl Drop for Reading {
    fn drop(&mut self) {
        if self.is_given_up {
            return;
        }
        let mut issued = std::mem::take(&mut self.credentials);
        let mut seen = head(&self.parts, &self.treatments, &mut issued);
        if is_grpc(&self.parts.headers) {
            seen.messages = Some(grpc_messages(&self.body));
        } else if !self.body.is_empty() {
            seen.body = Some(body(&self.parts.headers, &self.body));
        }
        if let Some(trailers) = &self.trailers {
            seen.trailers = Some(headers(trailers, &self.treatments, &mut issued));
        }
        seen.unfinished = !self.is_finished;
        self.observer.saw_issued(Surface::Reply, &seen, issued);
    }
}

/// A reply as it is observed; the fields in the order in which a person reads them.
#[derive(Debug, Serialize)]
struct Seen {
    status: u16,
    #[serde(skip_serializing_if = "Option::is_none")]
    body: Option<Value>,
    #[serde(skip_serializing_if = "Option::is_none")]
    messages: Option<Value>,
    headers: Value,
    #[serde(skip_serializing_if = "Option::is_none")]
    trailers: Option<Value>,
    /// It did not come to its end.
    #[serde(skip_serializing_if = "std::ops::Not::not")]
    unfinished: bool,
}

/// Observes the head of a reply by itself.
pub(super) fn observe_head(observer: &Observer, treatments: &Treatments, parts: &Parts) {
    let mut issued = Vec::new();
    let seen = head(parts, treatments, &mut issued);
    observer.saw_issued(Surface::Reply, &seen, issued);
}

fn head(parts: &Parts, treatments: &Treatments, issued: &mut Vec<Issued>) -> Seen {
    Seen {
        status: parts.status.as_u16(),
        body: None,
        messages: None,
        headers: headers(&parts.headers, treatments, issued),
        trailers: None,
        unfinished: false,
    }
}

fn headers(headers: &HeaderMap, treatments: &Treatments, issued: &mut Vec<Issued>) -> Value {
    let mut seen = Map::new();
    for name in headers.keys() {
        let treatment = treatments.of(name.as_str());
        if treatment == Treatment::Framing {
            continue;
        }
        let texts = headers
            .get_all(name)
            .iter()
            .map(|value| String::from_utf8_lossy(value.as_bytes()));
        let mut values: Vec<Value> = texts
            .map(|text| {
                if name == SET_COOKIE {
                    return cookie(&text, treatment, issued);
                }
                match treatment {
                    Treatment::Id => {
                        issued.push(Issued {
                            name: name.as_str().into(),
                            text: Arc::from(&*text),
                            is_credential: false,
                        });
                        json!({ "id": text })
                    }
                    Treatment::Time => json!({ "time": time(&text) }),
                    Treatment::Compared | Treatment::Framing => Value::from(text),
                }
            })
            .collect();
        let value = match values.len() {
            1 if name != SET_COOKIE => values.swap_remove(0),
            _ => Value::Array(values),
        };
        seen.insert(name.as_str().to_owned(), value);
    }
    Value::Object(seen)
}

/// A cookie that is set: the name, the value as an id, and what else is said of it.
fn cookie(text: &str, treatment: Treatment, issued: &mut Vec<Issued>) -> Value {
    let mut parts = text.split(';').map(str::trim);
    let (name, value) = parts
        .next()
        .and_then(|pair| pair.split_once('='))
        .unwrap_or((text, ""));
    let mut seen = Map::new();
    seen.insert("name".to_owned(), name.into());
    if treatment == Treatment::Id {
        if !value.is_empty() {
            issued.push(Issued {
                name: name.into(),
                text: value.into(),
                is_credential: value.len() >= CREDENTIAL,
            });
        }
        seen.insert("id".to_owned(), value.into());
    } else {
        seen.insert("value".to_owned(), value.into());
    }
    let mut others = Vec::new();
    for part in parts {
        match part.split_once('=') {
            Some((key, at)) if key.eq_ignore_ascii_case("expires") => {
                seen.insert("expires_at".to_owned(), time(at).into());
            }
            _ => others.push(part),
        }
    }
    if !others.is_empty() {
        seen.insert("attributes".to_owned(), others.join("; ").into());
    }
    Value::Object(seen)
}

/// A name in place of a date as HTTP writes it, which no two executions have in common; any other text as it is.
fn time(text: &str) -> &str {
    // `Sun, 06 Nov 1994 08:49:37 GMT`
    let is_date = text.len() == 29
        && text.ends_with(" GMT")
        && text.bytes().enumerate().all(|(at, byte)| match at {
            3 => byte == b',',
            4 | 7 | 11 | 16 | 25 => byte == b' ',
            19 | 22 => byte == b':',
            5 | 6 | 12..=15 | 17 | 18 | 20 | 21 | 23 | 24 => byte.is_ascii_digit(),
            _ => byte.is_ascii_alphabetic(),
        });
    if is_date { "[t]" } else { text }
}

/// Whether a media type is that of JSON.
fn is_json(headers: &HeaderMap) -> bool {
    let media_type = headers.get(CONTENT_TYPE).and_then(|value| value.to_str().ok());
    media_type.is_some_and(|value| {
        let media_type = value.split(';').next().unwrap_or_default().trim();
        media_type.eq_ignore_ascii_case("application/json") || media_type.ends_with("+json")
    })
}

fn is_grpc(headers: &HeaderMap) -> bool {
    let media_type = headers
        .get(CONTENT_TYPE)
        .map(hyper::header::HeaderValue::as_bytes);
    media_type.is_some_and(|value| value.starts_with(b"application/grpc"))
}

/// A body for a person: JSON as such, else text.
fn body(headers: &HeaderMap, body: &[u8]) -> Value {
    let parsed = is_json(headers).then(|| serde_json::from_slice(body).ok());
    parsed
        .flatten()
        .unwrap_or_else(|| String::from_utf8_lossy(body).into())
}

/// The messages of a gRPC stream, each behind a byte of flags and its length. They are protobuf, in which text stands as it is.
fn grpc_messages(mut stream: &[u8]) -> Value {
    let mut messages = Vec::new();
    while let Some((head, rest)) = stream.split_first_chunk::<5>() {
        let length = u32::from_be_bytes([head[1], head[2], head[3], head[4]]);
        let length = usize::try_from(length).unwrap_or(usize::MAX).min(rest.len());
        let (message, after) = rest.split_at(length);
        messages.push(Value::from(String::from_utf8_lossy(message)));
        stream = after;
    }
    if !stream.is_empty() {
        messages.push(String::from_utf8_lossy(stream).into());
    }
    Value::Array(messages)
}

#[cfg(test)]
mod tests {
    use rstest::rstest;
    use serde_json::{Value, json};

    use super::{Treatment, cookie, grpc_messages, time};

    #[rstest]
    #[case("Sun, 06 Nov 1994 08:49:37 GMT", "[t]")]
    #[case("Sun, 06 Nov 1994 08:49:37 CET", "Sun, 06 Nov 1994 08:49:37 CET")]
    #[case("tomorrow", "tomorrow")]
    fn a_date_of_http_is_a_time(#[case] text: &str, #[case] expected: &str) {
        assert_eq!(time(text), expected);
    }

    #[rstest]
    #[case("s=0123456789abcdef; Path=/; HttpOnly", json!({ "name": "s", "id": "0123456789abcdef", "attributes": "Path=/; HttpOnly" }), Some(true))]
    #[case("s=short", json!({ "name": "s", "id": "short" }), Some(false))]
    #[case("s=; Max-Age=0", json!({ "name": "s", "id": "", "attributes": "Max-Age=0" }), None)]
    #[case("s=1; Expires=Sun, 06 Nov 1994 08:49:37 GMT", json!({ "name": "s", "id": "1", "expires_at": "[t]" }), Some(false))]
    #[case("no cookie", json!({ "name": "no cookie", "id": "" }), None)]
    fn a_cookie_is_an_id_that_is_given_to_its_user(
        #[case] text: &str,
        #[case] seen: Value,
        #[case] credential: Option<bool>,
    ) {
        let mut issued = Vec::new();
        assert_eq!(cookie(text, Treatment::Id, &mut issued), seen);
        let is_credential = issued.first().map(|issued| issued.is_credential);
        assert_eq!(is_credential, credential);
    }

    #[test]
    fn messages_of_grpc_are_told_apart() {
        let stream = b"\0\0\0\0\x02hi\0\0\0\0\x01!\0\0";
        assert_eq!(grpc_messages(stream), json!(["hi", "!", "\0\0"]));
    }
}
