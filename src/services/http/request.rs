use std::future::IntoFuture;
use std::pin::Pin;
use std::sync::Arc;
use std::time::Duration;

use http_body_util::{BodyExt as _, Full};
use hyper::body::Bytes;
use hyper::header::{AUTHORIZATION, CONTENT_TYPE, HeaderMap, HeaderValue, LOCATION};
use hyper::http::uri::InvalidUri;
use hyper::{Method, Request, StatusCode, Version};
use serde::Serialize;
use url::Url;

use super::body;
use super::error::{HttpError, HttpErrorKind};
use super::exchange::exchange;
use super::multipart::Multipart;
use super::response::{Response, ResponseStream};
use super::settings;
use super::state::ClientState;

/// How many redirects are followed one after another.
const REDIRECTS: usize = 10;

/// A request of a client: add to it, then await it.
///
/// ```
/// # use ssot_harness::services::http::{HttpClient, HttpError};
/// # use serde_json::json;
/// # async fn script(http: &HttpClient) -> Result<(), HttpError> {
/// let reply = http.post("/notes").header("x-tenant", "blue").json(&json!({ "text": "milk" })).await?;
/// assert_eq!(reply.status(), 201);
/// # Ok(())
/// # }
/// ```
///
/// A reply of any status is `Ok`: what the application refuses is an answer, too. [`Response::error_for_status`] makes an error of it.
#[derive(Debug)]
#[must_use = "a request is sent when it is awaited"]
pub struct RequestBuilder {
    client: Arc<ClientState>,
    method: Method,
    path: String,
    query: String,
    headers: HeaderMap,
    body: Bytes,
    timeout: Option<Duration>,
    half_close: bool,
    mistake: Option<HttpError>,
}

impl RequestBuilder {
    pub(super) fn new(client: &Arc<ClientState>, method: Method, path: String) -> Self {
        Self {
            client: Arc::clone(client),
            method,
            path,
            query: String::new(),
            headers: HeaderMap::new(),
            body: Bytes::new(),
            timeout: None,
            half_close: false,
            mistake: None,
        }
    }

    pub(super) fn client(&self) -> &Arc<ClientState> {
        &self.client
    }

    pub(super) fn mistaken(mut self, mistake: HttpError) -> Self {
        self.mistake.get_or_insert(mistake);
        self
    }

    fn with<T>(mut self, part: Result<T, HttpError>, add: impl FnOnce(&mut Self, T)) -> Self {
        match part {
            Ok(part) => {
                add(&mut self, part);
                self
            }
            Err(mistake) => self.mistaken(mistake),
        }
    }

    /// Sets a header, in place of the client's own of that name.
    pub fn header(self, name: &str, value: impl AsRef<str>) -> Self {
        let header = settings::header(name, value.as_ref());
        self.with(header, |request, (name, value)| {
            request.headers.append(name, value);
        })
    }

    /// Sends a bearer token, in place of the client's.
    pub fn bearer(self, token: impl AsRef<str>) -> Self {
        let bearer = settings::bearer(token.as_ref());
        self.with(bearer, |request, bearer| {
            request.headers.insert(AUTHORIZATION, bearer);
        })
    }

    /// Adds parameters to the path: an object, or a list of pairs.
    pub fn query(self, parameters: &(impl Serialize + ?Sized)) -> Self {
        let query = body::urlencoded(parameters, "a query");
        self.with(query, |request, query| {
            if !request.query.is_empty() {
                request.query.push('&');
            }
            request.query.push_str(&query);
        })
    }

    /// Sends a value as JSON.
    pub fn json(self, value: &(impl Serialize + ?Sized)) -> Self {
        let body = body::json(value);
        self.with(body, |request, body| {
            request.set_body(body, HeaderValue::from_static("application/json"));
        })
    }

    /// Sends the fields of a form, as a browser does: an object, or a list of pairs.
    pub fn form(self, fields: &(impl Serialize + ?Sized)) -> Self {
        let body = body::urlencoded(fields, "a form");
        self.with(body, |request, body| {
            let media_type = HeaderValue::from_static("application/x-www-form-urlencoded");
            request.set_body(body.into(), media_type);
        })
    }

    /// Sends a form of several parts, with files.
    #[expect(clippy::needless_pass_by_value, reason = "a form is made for one request")]
    pub fn multipart(self, form: Multipart) -> Self {
        let encoded = form.encode();
        self.with(encoded, |request, (media_type, body)| {
            if let Ok(media_type) = HeaderValue::try_from(media_type) {
                request.set_body(body, media_type);
            }
        })
    }

    /// Sends bytes as they are; say with [`header`](Self::header) what they are.
    pub fn body(mut self, body: impl Into<Vec<u8>>) -> Self {
        self.body = Bytes::from(body.into());
        self
    }

    fn set_body(&mut self, body: Bytes, media_type: HeaderValue) {
        self.body = body;
        self.headers.entry(CONTENT_TYPE).or_insert(media_type);
    }

    /// Gives the request up after this time, on the clock of the check, and closes its connection.
    pub fn timeout(mut self, after: Duration) -> Self {
        self.timeout = Some(after);
        self
    }

    /// Closes the client's half of the stream as soon as the request is written, as some clients do. Over HTTP/1 only.
    pub fn half_closed(mut self) -> Self {
        self.half_close = true;
        self
    }

    /// Sends the request, and returns when the head of the reply is there: the body is read by the script, at its own pace. Redirects are not followed.
    ///
    /// # Errors
    ///
    /// As the request itself.
    pub async fn stream(mut self) -> Result<ResponseStream, HttpError> {
        let after = self.timeout_in_force();
        limited(after, async {
            let url = self.prepare()?;
            self.send(&url).await
        })
        .await
    }

    /// The same request once more, if nothing is wrong with it.
    pub(super) fn again(&self) -> Self {
        Self {
            client: Arc::clone(&self.client),
            method: self.method.clone(),
            path: self.path.clone(),
            query: self.query.clone(),
            headers: self.headers.clone(),
            body: self.body.clone(),
            timeout: self.timeout,
            half_close: self.half_close,
            mistake: self.mistake.as_ref().map(HttpError::again),
        }
    }

    pub(super) fn with_method(mut self, method: Method) -> Self {
        self.method = method;
        self
    }

    /// Its own, or the client's.
    pub(super) fn timeout_in_force(&self) -> Option<Duration> {
        self.timeout.or(self.client.with(|settings| settings.timeout))
    }

    /// Where the request goes, if nothing is wrong with it.
    pub(super) fn prepare(&mut self) -> Result<Url, HttpError> {
        if let Some(mistake) = self.mistake.take() {
            return Err(mistake);
        }
        let mut url = self.client.url(&self.path)?;
        if !self.query.is_empty() {
            let query = match url.query() {
                Some(query) if !query.is_empty() => format!("{query}&{}", self.query),
                _ => self.query.clone(),
            };
            url.set_query(Some(&query));
        }
        Ok(url)
    }

    /// The request's own headers.
    #[cfg(feature = "ws")]
    pub(super) fn headers(&self) -> &HeaderMap {
        &self.headers
    }

    /// Sends it to `url`, once.
    async fn send(&self, url: &Url) -> Result<ResponseStream, HttpError> {
        let mut request = Request::new(
            Full::new(self.body.clone())
                .map_err(|never| match never {})
                .boxed_unsync(),
        );
        *request.method_mut() = self.method.clone();
        let address = url.as_str().split('#').next().unwrap_or_default();
        *request.uri_mut() = address.parse().map_err(|error: InvalidUri| {
            HttpError::request(format!("{:?} is no path of the application", self.path)).because(error)
        })?;
        *request.version_mut() = Version::HTTP_11;
        *request.headers_mut() = self.headers.clone();
        let (parts, body) = exchange(&self.client, url, request, self.half_close).await?;
        Ok(ResponseStream::new(&self.client, parts, body))
    }

    async fn run(mut self) -> Result<Response, HttpError> {
        let mut url = self.prepare()?;
        for _ in 0..=REDIRECTS {
            let response = self.send(&url).await?.whole().await?;
            let Some(next) = self.redirect(&response, &url) else {
                return Ok(response);
            };
            url = next;
        }
        Err(HttpError::reply(format!(
            "{} redirects to itself, more than {REDIRECTS} times: look at what the application answers with `without_redirects`",
            self.path
        )))
    }

    /// Where a reply redirects to, within the application. The request is changed as browsers do.
    fn redirect(&mut self, response: &Response, from: &Url) -> Option<Url> {
        let status = StatusCode::from_u16(response.status()).ok()?;
        if !self.client.with(|settings| settings.follows_redirects) {
            return None;
        }
        let keeps_method = match status {
            StatusCode::TEMPORARY_REDIRECT | StatusCode::PERMANENT_REDIRECT => true,
            StatusCode::SEE_OTHER => matches!(self.method, Method::GET | Method::HEAD),
            StatusCode::MOVED_PERMANENTLY | StatusCode::FOUND => self.method != Method::POST,
            _ => return None,
        };
        let next = from.join(response.header(LOCATION.as_str())?).ok()?;
        if next.origin() != from.origin() {
            return None;
        }
        if !keeps_method {
            self.method = Method::GET;
            self.body = Bytes::new();
            self.headers.remove(CONTENT_TYPE);
        }
        Some(next)
    }
}

/// Awaits work for so long at the most.
pub(super) async fn limited<T>(
    after: Option<Duration>,
    work: impl Future<Output = Result<T, HttpError>>,
) -> Result<T, HttpError> {
    let Some(after) = after else { return work.await };
    tokio::time::timeout(after, work).await.unwrap_or_else(|_| {
        Err(HttpError::new(
            HttpErrorKind::Timeout,
            format!("no reply came within {after:?}"),
        ))
    })
}

impl IntoFuture for RequestBuilder {
    type Output = Result<Response, HttpError>;
    type IntoFuture = Pin<Box<dyn Future<Output = Self::Output> + Send>>;

    fn into_future(self) -> Self::IntoFuture {
        let after = self.timeout_in_force();
        Box::pin(limited(after, self.run()))
    }
}
