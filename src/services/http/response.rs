use std::future::poll_fn;
use std::sync::Arc;
use std::time::Duration;

use hyper::body::Bytes;
use hyper::header::HeaderMap;
use hyper::http::response::Parts;
use serde::de::DeserializeOwned;

use super::error::{HttpError, HttpErrorKind};
use super::exchange::ReplyBody;
use super::observed::Reading;
use super::state::ClientState;

/// So many characters of a body are shown in an error.
const SHOWN: usize = 200;

/// A reply as a whole, which has been observed.
#[derive(Clone, Debug)]
pub struct Response {
    status: u16,
    headers: HeaderMap,
    body: Bytes,
}

impl Response {
    /// The status: 200, 404.
    #[must_use]
    pub fn status(&self) -> u16 {
        self.status
    }

    /// A header, the first of its name; `None` where there is none, or it is no text.
    #[must_use]
    pub fn header(&self, name: &str) -> Option<&str> {
        self.headers.get(name)?.to_str().ok()
    }

    /// The body as text; what is not UTF-8 is replaced.
    #[must_use]
    pub fn text(&self) -> String {
        String::from_utf8_lossy(&self.body).into_owned()
    }

    /// The body.
    #[must_use]
    pub fn bytes(&self) -> &[u8] {
        &self.body
    }

    /// The body, read from JSON.
    ///
    /// # Errors
    ///
    /// Where it is no JSON, or that of something else. The error shows the status and the body.
    pub fn json<T: DeserializeOwned>(&self) -> Result<T, HttpError> {
        serde_json::from_slice(&self.body).map_err(|error| {
            let what = format!(
                "the reply, of status {}, is not the JSON that was asked for ({error})",
                self.status
            );
            HttpError::reply(what).saying(self.excerpt())
        })
    }

    /// The reply, if its status is one of success (200 to 299).
    ///
    /// # Errors
    ///
    /// Any other status. The error shows it and the body.
    pub fn error_for_status(self) -> Result<Self, HttpError> {
        if (200..300).contains(&self.status) {
            return Ok(self);
        }
        Err(HttpError::reply(format!("the reply has the status {}", self.status)).saying(self.excerpt()))
    }

    /// What an error shows of it.
    pub(super) fn excerpt(&self) -> String {
        let text = self.text();
        match text.char_indices().nth(SHOWN) {
            Some((end, _)) => format!("{}…", &text[..end]),
            None => text,
        }
    }
}

/// A reply whose body the script reads bit by bit. It is observed when it is dropped: as a whole, or as far as it was read.
///
/// Dropped before its end, it closes its connection, as a client does that goes away.
#[derive(Debug)]
pub struct ResponseStream {
    reading: Reading,
    body: ReplyBody,
    client: Arc<ClientState>,
}

impl ResponseStream {
    pub(super) fn new(client: &Arc<ClientState>, parts: Parts, body: ReplyBody) -> Self {
        let treatments = client.with(|settings| settings.treatments.clone());
        Self {
            reading: Reading::new(client.observer.clone(), treatments, parts),
            body,
            client: Arc::clone(client),
        }
    }

    /// The status: 200, 404.
    #[must_use]
    pub fn status(&self) -> u16 {
        self.reading.parts.status.as_u16()
    }

    /// A header, the first of its name; `None` where there is none, or it is no text.
    #[must_use]
    pub fn header(&self, name: &str) -> Option<&str> {
        self.reading.parts.headers.get(name)?.to_str().ok()
    }

    /// The next bytes of the body; `None` at its end. How they are cut depends on the buffer, and on who runs when.
    ///
    /// # Errors
    ///
    /// Where the connection ends before the body does.
    pub async fn chunk(&mut self) -> Result<Option<Vec<u8>>, HttpError> {
        while let Some(frame) = poll_fn(|cx| self.body.poll_frame(cx)).await {
            match frame?.into_data() {
                Ok(data) => {
                    self.reading.add(&data);
                    return Ok(Some(data.to_vec()));
                }
                Err(frame) => {
                    if let Ok(trailers) = frame.into_trailers() {
                        self.reading.add_trailers(trailers);
                    }
                }
            }
        }
        self.reading.finish();
        Ok(None)
    }

    /// The same, if it comes in this time, on the clock of the check.
    ///
    /// # Errors
    ///
    /// Where nothing came, or the connection ended before the body did.
    pub async fn chunk_within(&mut self, after: Duration) -> Result<Option<Vec<u8>>, HttpError> {
        tokio::time::timeout(after, self.chunk())
            .await
            .unwrap_or_else(|_| {
                let what = format!("nothing more of the reply came within {after:?}");
                Err(HttpError::new(HttpErrorKind::Timeout, what))
            })
    }

    /// What the body comes by, for whoever reads it in another way. What has come up to now is the whole of what is observed as the reply.
    pub(super) fn into_parts(self) -> (Parts, ReplyBody) {
        (self.reading.into_parts(), self.body)
    }

    /// What is left of it, read to the end.
    ///
    /// # Errors
    ///
    /// Where the connection ends before the body does.
    pub async fn whole(mut self) -> Result<Response, HttpError> {
        while self.chunk().await?.is_some() {}
        let pointer = self.client.with(|settings| settings.bearer_from.clone());
        if let Some(token) = pointer.and_then(|pointer| self.reading.take_token(&pointer)) {
            let bearer = super::settings::bearer(&token);
            self.client.with(|settings| {
                if let Ok(bearer) = bearer {
                    settings.headers.insert(hyper::header::AUTHORIZATION, bearer);
                }
            });
        }
        Ok(Response {
            status: self.status(),
            headers: self.reading.parts.headers.clone(),
            body: self.reading.body(),
        })
    }
}
