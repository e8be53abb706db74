use std::fmt;
use std::pin::Pin;
use std::sync::Arc;
use std::task::{Context, Poll};

use http_body_util::BodyExt as _;
use hyper::Request;
use hyper::body::{Body as _, Bytes, Frame, Incoming};
use hyper::header::{COOKIE, HOST, HeaderValue};
use hyper::http::response::Parts;
use url::Url;

use super::connection::{Http1, Http2, RequestBody};
use super::error::HttpError;
use super::state::ClientState;
use super::stream::LastBody;

/// What carries a reply.
#[derive(Debug)]
enum Carrier {
    /// Gone once the reply is whole, when it is idle again.
    First(Option<Http1>),
    Second {
        _connection: Arc<Http2>,
    },
}

/// The body of a reply. Dropped before its end, it closes the connection of HTTP/1 that it comes by, as a client does that goes away.
pub(super) struct ReplyBody {
    incoming: Incoming,
    carrier: Carrier,
    client: Arc<ClientState>,
}

impl ReplyBody {
    pub(super) fn poll_frame(
        &mut self,
        cx: &mut Context<'_>,
    ) -> Poll<Option<Result<Frame<Bytes>, HttpError>>> {
        if let Carrier::First(Some(connection)) = &mut self.carrier {
            connection.drive(cx);
        }
        let polled = Pin::new(&mut self.incoming).poll_frame(cx);
        if matches!(polled, Poll::Ready(None))
            && let Carrier::First(connection) = &mut self.carrier
            && let Some(connection) = connection.take()
        {
            self.client.give_back(connection);
        }
        polled.map_err(|error| {
            HttpError::connection("the connection was closed before the reply was whole").because(error)
        })
    }
}

impl fmt::Debug for ReplyBody {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("ReplyBody")
            .field("carrier", &self.carrier)
            .finish_non_exhaustive()
    }
}

/// Sends a request to `url`, with the client's cookies and headers where it has none of its own, and returns the head of the reply
/// and what the body comes by.
pub(super) async fn exchange(
    client: &Arc<ClientState>,
    url: &Url,
    mut request: Request<RequestBody>,
    half_close: bool,
) -> Result<(Parts, ReplyBody), HttpError> {
    let is_http2 = client.with(|settings| {
        for (name, value) in &settings.headers {
            if !request.headers().contains_key(name) {
                request.headers_mut().append(name, value.clone());
            }
        }
        if !request.headers().contains_key(COOKIE)
            && let Some(cookies) = settings.cookies.header(url)
        {
            request.headers_mut().insert(COOKIE, cookies);
        }
        settings.is_http2
    });
    let lost = |error: hyper::Error| {
        HttpError::connection(
            "the connection was closed before a reply came: the application does not speak HTTP here, its handler panicked, or it \
             closed the stream",
        )
        .because(error)
    };
    let (response, carrier) = if is_http2 {
        let connection = client.http2().await?;
        let response = connection.send(request).await.map_err(lost)?;
        (
            response,
            Carrier::Second {
                _connection: connection,
            },
        )
    } else {
        // HTTP/1 has the path alone in its first line, and the host in a header.
        if !request.headers().contains_key(HOST)
            && let Ok(host) = HeaderValue::from_str(&authority(url))
        {
            request.headers_mut().insert(HOST, host);
        }
        if let Some(path) = request.uri().path_and_query().cloned() {
            *request.uri_mut() = path.into();
        }
        let mut connection = client.http1().await?;
        if half_close {
            connection.half_close.arm();
            let half_close = Arc::clone(&connection.half_close);
            request = request.map(|body| LastBody::new(body, half_close).boxed_unsync());
        }
        let response = connection.send(request).await.map_err(lost)?;
        (response, Carrier::First(Some(connection)))
    };
    let (parts, incoming) = response.into_parts();
    client.with(|settings| settings.cookies.keep(url, &parts.headers));
    let body = ReplyBody {
        incoming,
        carrier,
        client: Arc::clone(client),
    };
    Ok((parts, body))
}

pub(super) fn authority(url: &Url) -> String {
    let host = url.host_str().unwrap_or_default();
    match url.port() {
        Some(port) => format!("{host}:{port}"),
        None => host.to_owned(),
    }
}
