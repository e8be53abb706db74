use std::collections::VecDeque;
use std::future::{IntoFuture, poll_fn};
use std::pin::Pin;
use std::time::Duration;

use hyper::Method;
use hyper::header::CONTENT_TYPE;
use serde::Serialize;
use serde::de::DeserializeOwned;
use serde_json::{Map, Value};

use super::error::{HttpError, HttpErrorKind};
use super::exchange::ReplyBody;
use super::observed::observe_head;
use super::request::{RequestBuilder, limited};
use crate::trace::Surface;

/// What stands for no name of an event.
const UNNAMED: &str = "message";

/// The beginning of a stream of server-sent events: add to it, then await it.
#[derive(Debug)]
#[must_use = "a request is sent when it is awaited"]
pub struct SseBuilder {
    request: RequestBuilder,
}

impl SseBuilder {
    pub(super) fn new(request: RequestBuilder) -> Self {
        Self {
            request: request.header("accept", "text/event-stream"),
        }
    }

    /// Sets a header.
    pub fn header(self, name: &str, value: impl AsRef<str>) -> Self {
        Self {
            request: self.request.header(name, value),
        }
    }

    /// Sends a bearer token, in place of the client's.
    pub fn bearer(self, token: impl AsRef<str>) -> Self {
        Self {
            request: self.request.bearer(token),
        }
    }

    /// Asks by a POST of this value as JSON, as APIs of models are.
    pub fn post(self, value: &(impl Serialize + ?Sized)) -> Self {
        Self {
            request: self.request.json(value).with_method(Method::POST),
        }
    }

    /// Continues after this event.
    pub fn last_event_id(self, id: impl AsRef<str>) -> Self {
        self.header("last-event-id", id)
    }
}

impl IntoFuture for SseBuilder {
    type Output = Result<EventStream, HttpError>;
    type IntoFuture = Pin<Box<dyn Future<Output = Self::Output> + Send>>;

    fn into_future(self) -> Self::IntoFuture {
        Box::pin(async move {
            let again = self.request.again();
            let body = open(self.request).await?;
            Ok(EventStream {
                request: again,
                body: Some(body),
                parser: Parser::default(),
                ready: VecDeque::new(),
            })
        })
    }
}

/// Asks for the stream, and observes the head of the reply. A reply of another kind is observed as a whole.
async fn open(request: RequestBuilder) -> Result<ReplyBody, HttpError> {
    let after = request.timeout_in_force();
    let client = std::sync::Arc::clone(request.client());
    let stream = limited(after, request.stream()).await?;
    let media_type = stream.header(CONTENT_TYPE.as_str()).unwrap_or_default();
    if stream.status() != 200 || !media_type.starts_with("text/event-stream") {
        let what = format!(
            "the reply is no stream of events: its status is {}, its content type {media_type:?}",
            stream.status()
        );
        let response = limited(after, stream.whole()).await?;
        return Err(HttpError::reply(what).saying(response.excerpt()));
    }
    let (parts, body) = stream.into_parts();
    let treatments = client.with(|settings| settings.treatments.clone());
    observe_head(&client.observer, &treatments, &parts);
    Ok(body)
}

/// A stream of server-sent events. Each is observed on [`Surface::Event`] when the script takes it: its data, as JSON where it is JSON; where it has a name
/// that the data does not have as its `type`, or an id, an object with `event`, `id` and `data`.
///
/// Dropped, it closes its connection.
#[derive(Debug)]
pub struct EventStream {
    request: RequestBuilder,
    /// Gone after the end.
    body: Option<ReplyBody>,
    parser: Parser,
    ready: VecDeque<SseEvent>,
}

impl EventStream {
    /// The next event; `None` where the application has ended the stream.
    ///
    /// # Errors
    ///
    /// Where the connection is cut.
    pub async fn next(&mut self) -> Result<Option<SseEvent>, HttpError> {
        loop {
            if let Some(event) = self.ready.pop_front() {
                let observer = &self.request.client().observer;
                observer.saw(Surface::Event, &event.observed());
                return Ok(Some(event));
            }
            let Some(body) = &mut self.body else {
                return Ok(None);
            };
            match poll_fn(|cx| body.poll_frame(cx)).await {
                None => self.body = None,
                Some(Err(error)) => {
                    self.body = None;
                    return Err(error);
                }
                Some(Ok(frame)) => {
                    if let Ok(data) = frame.into_data() {
                        self.ready.extend(self.parser.feed(&data));
                    }
                }
            }
        }
    }

    /// The same, if it comes in this time, on the clock of the check.
    ///
    /// # Errors
    ///
    /// Where nothing came, or the connection is cut.
    pub async fn next_within(&mut self, after: Duration) -> Result<Option<SseEvent>, HttpError> {
        tokio::time::timeout(after, self.next())
            .await
            .unwrap_or_else(|_| {
                Err(HttpError::new(
                    HttpErrorKind::Timeout,
                    format!("no event came within {after:?}"),
                ))
            })
    }

    /// Closes the connection, and follows the stream anew after the last event that had an id, as a browser does.
    ///
    /// # Errors
    ///
    /// As the first time.
    pub async fn reconnect(&mut self) -> Result<(), HttpError> {
        self.body = None;
        self.ready.clear();
        let mut request = self.request.again();
        if let Some(id) = &self.parser.last_id {
            request = request.header("last-event-id", id);
        }
        self.parser = Parser {
            last_id: self.parser.last_id.take(),
            ..Parser::default()
        };
        self.body = Some(open(request).await?);
        Ok(())
    }
}

/// A server-sent event.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SseEvent {
    name: Option<String>,
    id: Option<String>,
    data: String,
}

impl SseEvent {
    /// Its name; `message` where it has none.
    #[must_use]
    pub fn name(&self) -> &str {
        self.name.as_deref().unwrap_or(UNNAMED)
    }

    /// Its id, if it has one of its own.
    #[must_use]
    pub fn id(&self) -> Option<&str> {
        self.id.as_deref()
    }

    /// Its data, as text.
    #[must_use]
    pub fn data(&self) -> &str {
        &self.data
    }

    /// Its data, read from JSON.
    ///
    /// # Errors
    ///
    /// Where it is no JSON, or that of something else.
    pub fn json<T: DeserializeOwned>(&self) -> Result<T, HttpError> {
        serde_json::from_str(&self.data).map_err(|error| {
            let what = format!("the data of the event is not the JSON that was asked for ({error})");
            HttpError::reply(what).saying(&self.data)
        })
    }

    fn observed(&self) -> Value {
        let data: Value = serde_json::from_str(&self.data).unwrap_or_else(|_| Value::from(&*self.data));
        let names_it = |name: &String| name == UNNAMED || data.get("type").is_some_and(|kind| kind == name);
        let name = self.name.as_ref().filter(|name| !names_it(name));
        if name.is_none() && self.id.is_none() {
            return data;
        }
        let mut seen = Map::new();
        if let Some(name) = name {
            seen.insert("event".to_owned(), name.as_str().into());
        }
        if let Some(id) = &self.id {
            seen.insert("id".to_owned(), id.as_str().into());
        }
        seen.insert("data".to_owned(), data);
        Value::Object(seen)
    }
}

/// Reads events from bytes that come in any pieces. Source: the HTML Living Standard, section 9.2.6 (2025).
#[derive(Debug, Default)]
struct Parser {
    /// A line that has not ended.
    line: Vec<u8>,
    /// The last byte was a carriage return: a line feed belongs to it.
    was_return: bool,
    has_begun: bool,
    name: Option<String>,
    id: Option<String>,
    data: Vec<String>,
    last_id: Option<String>,
}

impl Parser {
    fn feed(&mut self, bytes: &[u8]) -> Vec<SseEvent> {
        let mut events = Vec::new();
        for &byte in bytes {
            match byte {
                b'\n' if self.was_return => self.was_return = false,
                b'\n' | b'\r' => {
                    self.was_return = byte == b'\r';
                    let line = std::mem::take(&mut self.line);
                    events.extend(self.line(&String::from_utf8_lossy(&line)));
                }
                byte => {
                    self.was_return = false;
                    self.line.push(byte);
                }
            }
        }
        events
    }

    fn line(&mut self, line: &str) -> Option<SseEvent> {
        let line = if self.has_begun {
            line
        } else {
            line.trim_start_matches('\u{feff}')
        };
        self.has_begun = true;
        if line.is_empty() {
            return self.event();
        }
        let (field, value) = line.split_once(':').unwrap_or((line, ""));
        let value = value.strip_prefix(' ').unwrap_or(value);
        match field {
            "event" => self.name = Some(value.to_owned()),
            "data" => self.data.push(value.to_owned()),
            "id" if !value.contains('\0') => {
                self.id = Some(value.to_owned());
                self.last_id = self.id.clone();
            }
            // A comment, the time to wait before reconnecting, and what is unknown.
            _ => {}
        }
        None
    }

    fn event(&mut self) -> Option<SseEvent> {
        let (name, id, data) = (self.name.take(), self.id.take(), std::mem::take(&mut self.data));
        if data.is_empty() {
            return None;
        }
        Some(SseEvent {
            name,
            id,
            data: data.join("\n"),
        })
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;
    use serde_json::{Value, json};

    use super::{Parser, SseEvent};

    const STREAM: &str = "\u{feff}: a comment\nretry: 10\n\nevent: paid\ndata: {\"n\":1}\nid: 7\n\ndata: a\rdata:b\r\n\r\nevent: x\n\n\
                          event: paid\ndata: {\"type\":\"paid\"}\n\ndata: never ended";

    fn seen(events: &[SseEvent]) -> Vec<Value> {
        events.iter().map(SseEvent::observed).collect()
    }

    #[test]
    fn events_are_read_as_browsers_do() {
        let mut parser = Parser::default();
        let events = parser.feed(STREAM.as_bytes());
        assert_eq!(
            seen(&events),
            [
                json!({ "event": "paid", "id": "7", "data": { "n": 1 } }),
                json!("a\nb"),
                json!({ "type": "paid" }),
            ]
        );
        assert_eq!(parser.last_id.as_deref(), Some("7"));
        assert_eq!((events[0].name(), events[1].name()), ("paid", "message"));
    }

    proptest! {
        #[test]
        fn how_a_stream_is_cut_does_not_matter(cuts in proptest::collection::vec(0..STREAM.len(), 0..8)) {
            let mut cuts = cuts;
            cuts.sort_unstable();
            let whole = Parser::default().feed(STREAM.as_bytes());
            let mut parser = Parser::default();
            let (mut events, mut from) = (Vec::new(), 0);
            for to in cuts.into_iter().chain([STREAM.len()]) {
                events.extend(parser.feed(&STREAM.as_bytes()[from..to]));
                from = to;
            }
            prop_assert_eq!(events, whole);
        }
    }
}
