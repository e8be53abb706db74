use std::collections::VecDeque;
use std::future::{IntoFuture, poll_fn};
use std::pin::Pin;
use std::time::Duration;

use hyper::Method;
use hyper::header::CONTENT_TYPE;
use serde::Serialize;

use super::error::{HttpError, HttpErrorKind};
use super::exchange::ReplyBody;
use super::observed::observe_head;
use super::request::{RequestBuilder, limited};
use super::sse_event::{Parser, SseEvent};
use crate::trace::Surface;

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
        self.parser.start_anew();
        self.body = Some(open(request).await?);
        Ok(())
    }
}
