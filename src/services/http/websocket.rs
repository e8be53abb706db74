use std::future::IntoFuture;
use std::pin::Pin;
use std::sync::Arc;
use std::time::Duration;

use futures_util::{SinkExt as _, StreamExt as _};
use hyper::Request;
use hyper::header::{
    CONNECTION, COOKIE, HOST, HeaderValue, SEC_WEBSOCKET_KEY, SEC_WEBSOCKET_VERSION, UPGRADE,
};
use hyper::http::uri::InvalidUri;
use serde::Serialize;
use serde::de::DeserializeOwned;
use serde_json::{Value, json};
use tokio_tungstenite::tungstenite::Error as WsError;
use tokio_tungstenite::tungstenite::Message;
use tokio_tungstenite::{WebSocketStream, client_async};

use super::error::{HttpError, HttpErrorKind};
use super::exchange::authority;
use super::observed::{Reading, observe_head};
use super::request::{RequestBuilder, limited};
use super::state::ClientState;
use super::stream::Stream;
use crate::trace::Surface;

/// The key of every handshake: it tells caches from servers, and nothing else.
const KEY: &str = "c3NvdC1oYXJuZXNzLWtleQ==";

/// The handshake of a WebSocket: add to it, then await it.
#[derive(Debug)]
#[must_use = "a request is sent when it is awaited"]
pub struct WebSocketBuilder {
    request: RequestBuilder,
}

impl WebSocketBuilder {
    pub(super) fn new(request: RequestBuilder) -> Self {
        Self { request }
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

    /// Asks for one of these protocols within the WebSocket, separated by commas.
    pub fn protocol(self, protocols: &str) -> Self {
        self.header("sec-websocket-protocol", protocols)
    }

    async fn open(mut self) -> Result<WebSocket, HttpError> {
        let url = self.request.prepare()?;
        let client = Arc::clone(self.request.client());
        let mut request = Request::new(());
        let mut address = url.clone();
        let scheme = if url.scheme() == "https" { "wss" } else { "ws" };
        // Both schemes are special ones, between which a URL can change.
        if address.set_scheme(scheme).is_err() {
            return Err(HttpError::request(format!("{url} is no address of a WebSocket")));
        }
        *request.uri_mut() = address.as_str().parse().map_err(|error: InvalidUri| {
            HttpError::request(format!("{address} is no address of a WebSocket")).because(error)
        })?;
        let headers = request.headers_mut();
        client.with(|settings| {
            headers.extend(settings.headers.clone());
            if let Some(cookies) = settings.cookies.header(&url) {
                headers.insert(COOKIE, cookies);
            }
        });
        for (name, value) in self.request.headers() {
            headers.insert(name, value.clone());
        }
        let own = [
            (CONNECTION, "Upgrade"),
            (UPGRADE, "websocket"),
            (SEC_WEBSOCKET_VERSION, "13"),
            (SEC_WEBSOCKET_KEY, KEY),
        ];
        for (name, value) in own {
            headers.insert(name, HeaderValue::from_static(value));
        }
        if let Ok(host) = HeaderValue::from_str(&authority(&url)) {
            headers.insert(HOST, host);
        }
        let (socket, response) = match client_async(request, client.stream().await?).await {
            Ok(opened) => opened,
            Err(WsError::Http(response)) => return Err(refused(&client, *response)),
            Err(error) => {
                let what = "no WebSocket was opened: the application closed the stream, or what it answered is no handshake";
                return Err(HttpError::connection(what).because(error));
            }
        };
        let (parts, _) = response.into_parts();
        let treatments = client.with(|settings| {
            settings.cookies.keep(&url, &parts.headers);
            settings.treatments.clone()
        });
        observe_head(&client.observer, &treatments, &parts);
        Ok(WebSocket {
            socket,
            client,
            is_closed: false,
        })
    }
}

/// The application answered, and opened none. The answer is observed.
fn refused(client: &ClientState, response: hyper::Response<Option<Vec<u8>>>) -> HttpError {
    let (parts, body) = response.into_parts();
    let what = format!(
        "no WebSocket was opened: the reply has the status {}",
        parts.status.as_u16()
    );
    let body = body.unwrap_or_default();
    let treatments = client.with(|settings| settings.treatments.clone());
    let mut reading = Reading::new(client.observer.clone(), treatments, parts);
    reading.add(&body);
    reading.finish();
    HttpError::reply(what).saying(String::from_utf8_lossy(&body))
}

impl IntoFuture for WebSocketBuilder {
    type Output = Result<WebSocket, HttpError>;
    type IntoFuture = Pin<Box<dyn Future<Output = Self::Output> + Send>>;

    fn into_future(self) -> Self::IntoFuture {
        let after = self.request.timeout_in_force();
        Box::pin(limited(after, self.open()))
    }
}

/// What came in a frame of a WebSocket.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum Frame {
    /// Text.
    Text(String),
    /// Bytes.
    Binary(Vec<u8>),
}

impl Frame {
    /// The text; that of bytes with what is not UTF-8 replaced.
    #[must_use]
    pub fn text(&self) -> String {
        match self {
            Self::Text(text) => text.clone(),
            Self::Binary(bytes) => String::from_utf8_lossy(bytes).into_owned(),
        }
    }

    /// What is in it, read from JSON.
    ///
    /// # Errors
    ///
    /// Where it is no JSON, or that of something else.
    pub fn json<T: DeserializeOwned>(&self) -> Result<T, HttpError> {
        let text = self.text();
        serde_json::from_str(&text).map_err(|error| {
            let what = format!("the frame is not the JSON that was asked for ({error})");
            HttpError::reply(what).saying(text)
        })
    }
}

/// A WebSocket. Each frame of data is observed on [`Surface::Event`] when the script takes it, as JSON where it is JSON; pings, pongs and the closing frame on
/// [`Surface::Reply`].
///
/// Dropped, it closes its stream without a closing frame, as a client does that goes away.
#[derive(Debug)]
pub struct WebSocket {
    socket: WebSocketStream<Stream>,
    client: Arc<ClientState>,
    /// The application has said that it is over.
    is_closed: bool,
}

impl WebSocket {
    /// Sends a text.
    ///
    /// # Errors
    ///
    /// Where the application has closed it.
    pub async fn send(&mut self, text: impl Into<String>) -> Result<(), HttpError> {
        self.send_message(Message::text(text.into())).await
    }

    /// Sends a value as JSON, in a frame of text.
    ///
    /// # Errors
    ///
    /// Where it cannot be turned into JSON, or the application has closed the WebSocket.
    pub async fn send_json(&mut self, value: &(impl Serialize + ?Sized)) -> Result<(), HttpError> {
        let text = serde_json::to_string(value)
            .map_err(|error| HttpError::request(format!("the frame cannot be turned into JSON: {error}")))?;
        self.send(text).await
    }

    /// Sends bytes.
    ///
    /// # Errors
    ///
    /// Where the application has closed it.
    pub async fn send_binary(&mut self, bytes: impl Into<Vec<u8>>) -> Result<(), HttpError> {
        self.send_message(Message::binary(bytes.into())).await
    }

    /// Sends a ping; what answers it is observed on the way to the next frame.
    ///
    /// # Errors
    ///
    /// Where the application has closed it.
    pub async fn ping(&mut self, payload: impl Into<Vec<u8>>) -> Result<(), HttpError> {
        self.send_message(Message::Ping(payload.into().into())).await
    }

    async fn send_message(&mut self, message: Message) -> Result<(), HttpError> {
        self.socket.send(message).await.map_err(cut)
    }

    /// The next frame of data; `None` where the application has closed the WebSocket.
    ///
    /// # Errors
    ///
    /// Where the stream is cut without a closing frame, or what comes is no WebSocket.
    pub async fn next(&mut self) -> Result<Option<Frame>, HttpError> {
        while let Some(message) = self.socket.next().await {
            let frame = match message {
                Ok(Message::Text(text)) => Frame::Text(text.as_str().to_owned()),
                Ok(Message::Binary(bytes)) => Frame::Binary(bytes.to_vec()),
                Ok(control) => {
                    self.is_closed |= control.is_close();
                    self.observe_control(&control);
                    continue;
                }
                Err(WsError::ConnectionClosed) => return Ok(None),
                // An application need not wait for the answer to its closing frame.
                Err(_) if self.is_closed => return Ok(None),
                Err(error) => return Err(cut(error)),
            };
            let text = frame.text();
            let seen = serde_json::from_str(&text).unwrap_or(Value::String(text));
            self.client.observer.saw(Surface::Event, &seen);
            return Ok(Some(frame));
        }
        Ok(None)
    }

    /// The same, if it comes in this time, on the clock of the check.
    ///
    /// # Errors
    ///
    /// Where nothing came, or the stream is cut.
    pub async fn next_within(&mut self, after: Duration) -> Result<Option<Frame>, HttpError> {
        tokio::time::timeout(after, self.next())
            .await
            .unwrap_or_else(|_| {
                Err(HttpError::new(
                    HttpErrorKind::Timeout,
                    format!("no frame came within {after:?}"),
                ))
            })
    }

    fn observe_control(&self, message: &Message) {
        let seen = match message {
            Message::Ping(payload) => json!({ "websocket": { "ping": String::from_utf8_lossy(payload) } }),
            Message::Pong(payload) => json!({ "websocket": { "pong": String::from_utf8_lossy(payload) } }),
            Message::Close(Some(frame)) => {
                json!({ "websocket": { "close": u16::from(frame.code), "reason": frame.reason.as_str() } })
            }
            Message::Close(None) => json!({ "websocket": { "close": null } }),
            Message::Text(_) | Message::Binary(_) | Message::Frame(_) => return,
        };
        self.client.observer.saw(Surface::Reply, &seen);
    }

    /// Says that it is over, and takes what comes until the application says so too.
    ///
    /// # Errors
    ///
    /// Where the stream is cut before that.
    pub async fn close(mut self) -> Result<(), HttpError> {
        let said = self.socket.close(None).await;
        while self.next().await?.is_some() {}
        match said {
            Ok(()) | Err(WsError::ConnectionClosed) => Ok(()),
            // The application had closed it, and was gone.
            Err(_) if self.is_closed => Ok(()),
            Err(error) => Err(cut(error)),
        }
    }
}

fn cut(error: WsError) -> HttpError {
    HttpError::connection("the WebSocket was cut, or the application has closed it").because(error)
}
