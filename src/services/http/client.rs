use std::fmt;
use std::sync::Arc;
use std::time::Duration;

use hyper::Method;
use hyper::header::AUTHORIZATION;
use url::Url;

use super::error::HttpError;
use super::raw::RawStream;
use super::request::RequestBuilder;
use super::settings::{self, Settings, Treatment};
use super::sse::SseBuilder;
use super::state::ClientState;
#[cfg(feature = "ws")]
use super::websocket::WebSocketBuilder;

/// A client of one user for one application: see [`User::http`](crate::trace::User::http).
///
/// It has one connection, opened with the first request, and more only where several requests are under way. It keeps cookies by the rules of
/// their domain and path. Clones are the same client. Where the last is dropped, the streams are closed.
///
/// Settings that are wrong are told by the first request.
#[derive(Clone)]
pub struct HttpClient {
    state: Arc<ClientState>,
}

impl HttpClient {
    pub(super) fn new(state: ClientState) -> Self {
        Self {
            state: Arc::new(state),
        }
    }

    /// Sets where the application says that it is (`https://app.example`): the host of requests, and what cookies belong to. A cookie that is `Secure` is kept
    /// only under `https`.
    #[must_use]
    pub fn at(self, base: &str) -> Self {
        let parsed = Url::parse(base)
            .ok()
            .filter(|base| matches!(base.scheme(), "http" | "https") && base.host_str().is_some());
        let parsed = parsed.ok_or_else(|| {
            HttpError::request(format!(
                "{base:?} is no place of an application: give one like \"https://shop.example\""
            ))
        });
        self.set(|settings| {
            if let Some(base) = settings.note(parsed) {
                settings.base = base;
            }
        })
    }

    /// Sends this header with every request.
    #[must_use]
    pub fn header(self, name: &str, value: impl AsRef<str>) -> Self {
        let header = settings::header(name, value.as_ref());
        self.set(|settings| {
            if let Some((name, value)) = settings.note(header) {
                settings.headers.insert(name, value);
            }
        })
    }

    /// Sends this bearer token with every request.
    #[must_use]
    pub fn bearer(self, token: impl AsRef<str>) -> Self {
        self.set_bearer(token);
        self
    }

    /// The same from now on, for a token that came with a reply.
    pub fn set_bearer(&self, token: impl AsRef<str>) {
        let bearer = settings::bearer(token.as_ref());
        self.state.with(|settings| {
            if let Some(bearer) = settings.note(bearer) {
                settings.headers.insert(AUTHORIZATION, bearer);
            }
        });
    }

    /// Keeps the token that stands at this JSON pointer of a reply (`"/access_token"`), and sends it with every request after that. Where it has 16 characters or
    /// more it is a credential, which no other user may see.
    #[must_use]
    pub fn bearer_from(self, pointer: impl Into<String>) -> Self {
        let pointer = pointer.into();
        self.set(|settings| {
            if pointer.starts_with('/') {
                settings.bearer_from = Some(pointer);
            } else {
                let mistake = HttpError::request(format!(
                    "{pointer:?} is no JSON pointer: begin it with `/`, as in \"/access_token\""
                ));
                settings.note::<()>(Err(mistake));
            }
        })
    }

    /// Speaks HTTP/2, as gRPC does, instead of HTTP/1.1.
    #[must_use]
    pub fn http2(self) -> Self {
        self.set(|settings| settings.is_http2 = true)
    }

    /// How many bytes each direction of the stream holds (64 KiB), from 1. With a few, the application meets a reader as slow as the script.
    #[must_use]
    pub fn buffer(self, bytes: usize) -> Self {
        self.set(|settings| settings.buffer = bytes.max(1))
    }

    /// Gives up a request after this time, on the clock of the check, and closes its connection.
    #[must_use]
    pub fn timeout(self, after: Duration) -> Self {
        self.set(|settings| settings.timeout = Some(after))
    }

    /// Returns replies that redirect, instead of following them.
    #[must_use]
    pub fn without_redirects(self) -> Self {
        self.set(|settings| settings.follows_redirects = false)
    }

    /// Takes the values of this header for ids, which differ by nature: they are not compared with what the user sees alone.
    #[must_use]
    pub fn differs(self, header: &str) -> Self {
        self.set(|settings| settings.treatments.set(header, Treatment::Id))
    }

    /// Compares this header with what the user sees alone, although it usually differs by nature.
    #[must_use]
    pub fn compared(self, header: &str) -> Self {
        self.set(|settings| settings.treatments.set(header, Treatment::Compared))
    }

    /// Begins a GET.
    pub fn get(&self, path: impl Into<String>) -> RequestBuilder {
        RequestBuilder::new(&self.state, Method::GET, path.into())
    }

    /// Begins a POST.
    pub fn post(&self, path: impl Into<String>) -> RequestBuilder {
        RequestBuilder::new(&self.state, Method::POST, path.into())
    }

    /// Begins a PUT.
    pub fn put(&self, path: impl Into<String>) -> RequestBuilder {
        RequestBuilder::new(&self.state, Method::PUT, path.into())
    }

    /// Begins a PATCH.
    pub fn patch(&self, path: impl Into<String>) -> RequestBuilder {
        RequestBuilder::new(&self.state, Method::PATCH, path.into())
    }

    /// Begins a DELETE.
    pub fn delete(&self, path: impl Into<String>) -> RequestBuilder {
        RequestBuilder::new(&self.state, Method::DELETE, path.into())
    }

    /// Begins a request of any method: `HEAD`, `OPTIONS`, or one of the application's own.
    pub fn request(&self, method: &str, path: impl Into<String>) -> RequestBuilder {
        match Method::from_bytes(method.as_bytes()) {
            Ok(method) => RequestBuilder::new(&self.state, method, path.into()),
            Err(error) => {
                let mistake =
                    HttpError::request(format!("{method:?} is no method: give one like \"OPTIONS\""));
                RequestBuilder::new(&self.state, Method::GET, path.into()).mistaken(mistake.because(error))
            }
        }
    }

    /// Begins to follow a stream of server-sent events, on a connection of its own.
    pub fn sse(&self, path: impl Into<String>) -> SseBuilder {
        SseBuilder::new(self.get(path))
    }

    /// Begins the handshake of a WebSocket, on a connection of its own.
    #[cfg(feature = "ws")]
    #[cfg_attr(docsrs, doc(cfg(feature = "ws")))]
    pub fn websocket(&self, path: impl Into<String>) -> WebSocketBuilder {
        WebSocketBuilder::new(self.get(path))
    }

    /// Opens a stream to the application and says nothing on it yet: for what is no HTTP, half a request, or a client that
    /// closes its half.
    ///
    /// # Errors
    ///
    /// Outside of a tokio runtime, and where nobody listens at the address of the client.
    pub async fn raw(&self) -> Result<RawStream, HttpError> {
        Ok(RawStream::new(
            self.state.stream().await?,
            self.state.observer.clone(),
        ))
    }

    /// Closes the connections that no request uses. The next request opens one; cookies and tokens stay.
    pub fn reconnect(&self) {
        self.state.close();
    }

    /// The value of the cookie of that name which a request to `/` would carry.
    #[must_use]
    pub fn cookie(&self, name: &str) -> Option<String> {
        self.state
            .with(|settings| settings.cookies.value(&settings.base, name))
    }

    /// Forgets all cookies, as a browser whose user clears them.
    pub fn clear_cookies(&self) {
        self.state.with(|settings| settings.cookies.clear());
    }

    pub(super) fn state(&self) -> &Arc<ClientState> {
        &self.state
    }

    fn set(self, set: impl FnOnce(&mut Settings)) -> Self {
        self.state.with(set);
        self
    }
}

impl fmt::Debug for HttpClient {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("HttpClient").finish_non_exhaustive()
    }
}
