use std::error::Error;
use std::fmt;
use std::future::poll_fn;
use std::pin::{Pin, pin};
use std::sync::Arc;
use std::task::{Context, Poll};

use http_body_util::combinators::UnsyncBoxBody;
use hyper::body::{Bytes, Incoming};
use hyper::client::conn::{http1, http2};
use hyper::{Request, Response};
use hyper_util::rt::{TokioExecutor, TokioIo};
use tokio::io::duplex;
use tokio::net::TcpStream;
use tokio::runtime::Handle;
use tokio::task::JoinHandle;

use super::application::Connector;
use super::error::HttpError;
use super::stream::{ClientStream, HalfClose, Stream};

pub(super) type RequestBody = UnsyncBoxBody<Bytes, Box<dyn Error + Send + Sync>>;

type Driven = Pin<Box<dyn Future<Output = hyper::Result<()>> + Send>>;

/// Where an application is.
#[derive(Debug)]
pub(super) enum Place {
    /// In this process.
    Here(Connector),
    /// At a host and a port.
    At(String, u16),
}

impl Place {
    /// Opens a stream. In memory, it holds `buffer` bytes in each direction, and the application serves its other end.
    pub(super) async fn open(&self, buffer: usize) -> Result<Stream, HttpError> {
        let runtime = Handle::try_current().map_err(|error| {
            HttpError::request("there is no tokio runtime here: send requests from a script or an async test")
                .because(error)
        })?;
        match self {
            Self::Here(connector) => {
                let (client, server) = duplex(buffer);
                runtime.spawn(connector.serve(server));
                Ok(Box::new(client))
            }
            Self::At(host, port) => {
                let stream = TcpStream::connect((host.as_str(), *port))
                    .await
                    .map_err(|error| {
                        HttpError::connection(format!("nobody listens at {host}:{port}")).because(error)
                    })?;
                // What is small is not held back by the kernel, while virtual time would go by.
                stream.set_nodelay(true).map_err(|error| {
                    HttpError::connection(format!("the connection to {host}:{port} was cut")).because(error)
                })?;
                Ok(Box::new(stream))
            }
        }
    }
}

/// A connection of HTTP/1. It is polled by whoever sends a request or reads a reply: a client is no task of the system's, and where it is dropped,
/// so is its stream.
pub(super) struct Http1 {
    requests: http1::SendRequest<RequestBody>,
    /// Until it has ended. Then it is dropped, for it would keep a request that it has not taken any more, and whoever waits for the reply.
    connection: Option<Driven>,
    pub(super) half_close: Arc<HalfClose>,
}

impl Http1 {
    pub(super) async fn open(stream: Stream) -> hyper::Result<Self> {
        let half_close = Arc::new(HalfClose::default());
        let stream = ClientStream::new(stream, Arc::clone(&half_close));
        let (requests, connection) = http1::handshake(TokioIo::new(stream)).await?;
        Ok(Self {
            requests,
            connection: Some(Box::pin(connection)),
            half_close,
        })
    }

    /// Lets the connection go on. What ends it shows in the request or the reply.
    pub(super) fn drive(&mut self, cx: &mut Context<'_>) {
        drive(&mut self.connection, cx);
    }

    pub(super) fn has_ended(&self) -> bool {
        self.connection.is_none()
    }

    /// Waits until it takes a request.
    pub(super) async fn ready(&mut self) -> hyper::Result<()> {
        poll_fn(|cx| {
            self.drive(cx);
            self.requests.poll_ready(cx)
        })
        .await
    }

    /// The head of the reply.
    pub(super) async fn send(&mut self, request: Request<RequestBody>) -> hyper::Result<Response<Incoming>> {
        let mut response = pin!(self.requests.send_request(request));
        poll_fn(|cx| {
            drive(&mut self.connection, cx);
            response.as_mut().poll(cx)
        })
        .await
    }
}

fn drive(connection: &mut Option<Driven>, cx: &mut Context<'_>) {
    if let Some(running) = connection
        && let Poll::Ready(ended) = running.as_mut().poll(cx)
    {
        *connection = None;
        if let Err(error) = ended {
            tracing::trace!(target: "ssot_harness", "a client's connection ended: {error}");
        }
    }
}

impl fmt::Debug for Http1 {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Http1").finish_non_exhaustive()
    }
}

/// A connection of HTTP/2, on which several requests are under way. A task of its own drives it, and ends with it.
#[derive(Debug)]
pub(super) struct Http2 {
    requests: http2::SendRequest<RequestBody>,
    task: JoinHandle<()>,
}

impl Http2 {
    pub(super) async fn open(stream: Stream) -> hyper::Result<Self> {
        let (requests, connection) = http2::handshake(TokioExecutor::new(), TokioIo::new(stream)).await?;
        let task = tokio::spawn(async move {
            if let Err(error) = connection.await {
                tracing::trace!(target: "ssot_harness", "a client's connection ended: {error}");
            }
        });
        Ok(Self { requests, task })
    }

    pub(super) fn has_ended(&self) -> bool {
        self.requests.is_closed()
    }

    pub(super) async fn send(&self, request: Request<RequestBody>) -> hyper::Result<Response<Incoming>> {
        let mut requests = self.requests.clone();
        requests.ready().await?;
        requests.send_request(request).await
    }
}

impl Drop for Http2 {
    /// A client that goes away closes its stream.
    fn drop(&mut self) {
        self.task.abort();
    }
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use http_body_util::{BodyExt as _, Empty};
    use hyper::Request;
    use tokio::io::duplex;
    use tokio::time::timeout;

    use super::Http1;

    #[tokio::test]
    async fn a_request_that_a_connection_does_not_take_any_more_fails() {
        let (client, server) = duplex(64);
        let mut connection = Http1::open(Box::new(client)).await.unwrap();
        connection.ready().await.unwrap();
        drop(server);
        let body = Empty::new().map_err(|never| match never {}).boxed_unsync();
        let request = Request::get("/").body(body).unwrap();
        let sent = timeout(Duration::from_secs(10), connection.send(request)).await;
        assert!(sent.expect("it is not waited for a reply").is_err());
        assert!(connection.has_ended());
    }
}
