use std::error::Error;
use std::io;
use std::pin::Pin;
use std::task::{Context, Poll};
use std::time::Duration;

use http_body_util::BodyExt as _;
use hyper::body::{Body, Bytes};
use hyper::header::{CONTENT_TYPE, HeaderValue, RETRY_AFTER};
use hyper::http::request::Parts;
use hyper::{Request, Response, StatusCode};
use hyper_util::rt::{TokioExecutor, TokioIo};
use hyper_util::server::conn::auto;
use hyper_util::service::TowerToHyperService;
use serde_json::Value;
use tokio::net::TcpListener;
use tokio::sync::oneshot;
use tokio::task::JoinSet;
use tower_service::Service;

use super::answer::{ModelBody, wait};
use super::fake::{Listener, Llm};
use super::fault::Fault;
use super::reply::Reply;
use super::request::{Api, ModelRequest};
use super::wire::{self, Answered};

/// What `retry-after` says where nothing else is said.
const RETRY: u64 = 1;

impl Llm {
    /// Listens at an address of this machine, for clients that open sockets, and returns the address: `http://127.0.0.1:40123`. The fake of a test case listens until
    /// the end of the test, another one until [`stop`](Self::stop) or the end of the runtime.
    ///
    /// # Errors
    ///
    /// Where no port can be opened.
    pub async fn listen(&self) -> io::Result<String> {
        let listener = TcpListener::bind("127.0.0.1:0").await?;
        let address = listener.local_addr()?;
        let (stop, stopped) = oneshot::channel();
        let task = tokio::spawn(accept(self.clone(), listener, stopped));
        self.keep(Listener { stop, task });
        Ok(format!("http://{address}"))
    }

    /// Stops listening, and closes the connections.
    pub async fn stop(&self) {
        for Listener { stop, task } in self.take_listeners() {
            drop(stop);
            if let Err(error) = task.await {
                tracing::trace!(target: "ssot_harness", "a listener of the model ended: {error}");
            }
        }
    }

    async fn respond(self, parts: Parts, body: Bytes) -> io::Result<Response<ModelBody>> {
        let path = parts.uri.path();
        let Some(api) = Api::at(path) else {
            if path.trim_end_matches('/').ends_with("/models") {
                return Ok(json(200, &wire::models(&self.models())));
            }
            let what = format!(
                "the fake has no {path}: there are /v1/chat/completions, /v1/responses, /v1/messages and /v1/models"
            );
            return Ok(json(404, &wire::error(Api::OpenAiChat, 404, &what)));
        };
        let body: Value = match serde_json::from_slice(&body) {
            Ok(body) => body,
            Err(error) => {
                let what = format!("the body of the request is no JSON: {error}");
                return Ok(json(400, &wire::error(api, 400, &what)));
            }
        };
        let mut request = ModelRequest::new(api, body, parts.headers);
        let faults = self.faults();
        let fault = wait(Duration::ZERO, faults.clone()).await;
        let (reply, number) = match self.answer(&mut request) {
            Ok(answered) => answered,
            Err(what) => return Ok(json(404, &wire::error(api, 404, &what))),
        };
        let reply = reply.in_words();
        let reply = fault.map_or(reply.clone(), |fault| spoilt(reply, fault));
        if reply.delay_ms > 0 {
            tokio::time::sleep(Duration::from_millis(reply.delay_ms)).await;
        }
        if let Some(status) = reply.status {
            return Ok(refusal(api, status, &reply));
        }
        if reply.malformed {
            return Ok(with_type(
                200,
                "application/json",
                ModelBody::whole("{ \"choices\": [ {"),
            ));
        }
        let answered = Answered {
            request: &request,
            reply: &reply,
            number,
        };
        if !request.is_streamed() {
            if reply.cut_after.is_some() {
                let what = "the model's connection is cut before the reply, as was asked for";
                return Err(io::Error::new(io::ErrorKind::ConnectionAborted, what));
            }
            return Ok(json(200, &answered.whole()));
        }
        let frames = answered.frames().into_iter().map(frame);
        let faults = faults.into_iter().filter(|fault| fault.is_of_streams()).collect();
        let body = ModelBody::frames(
            frames,
            Duration::from_millis(reply.delay_ms),
            reply.cut_after,
            faults,
        );
        Ok(with_type(200, "text/event-stream", body))
    }
}

/// Serves connections until the other end of `stopped` is dropped; then they are closed.
async fn accept(llm: Llm, listener: TcpListener, mut stopped: oneshot::Receiver<()>) {
    let mut connections = JoinSet::new();
    loop {
        let accepted = tokio::select! {
            biased;
            _ = &mut stopped => break,
            accepted = listener.accept() => accepted,
        };
        let Ok((stream, _)) = accepted else { break };
        if let Err(error) = stream.set_nodelay(true) {
            tracing::trace!(target: "ssot_harness", "a connection to the model ended: {error}");
            continue;
        }
        let service = TowerToHyperService::new(llm.clone());
        connections.spawn(async move {
            let server = auto::Builder::new(TokioExecutor::new());
            if let Err(error) = server.serve_connection(TokioIo::new(stream), service).await {
                tracing::trace!(target: "ssot_harness", "a connection to the model ended: {error}");
            }
        });
    }
    connections.shutdown().await;
}

/// The reply with a fault in place of it, or of a part.
fn spoilt(reply: Reply, fault: Fault) -> Reply {
    match fault {
        // It has been waited for.
        Fault::Pause => reply,
        Fault::Cut => reply.cut_after(0),
        Fault::Malformed => Reply::malformed(),
        Fault::Unauthorized | Fault::RateLimited | Fault::ServerError | Fault::Overloaded => {
            Reply::status(fault.status().unwrap_or(500))
        }
    }
}

fn refusal(api: Api, status: u16, reply: &Reply) -> Response<ModelBody> {
    let what = match status {
        401 => "the key is not valid",
        429 => "too many requests",
        529 => "the model is overloaded",
        _ => "the model has failed",
    };
    let mut response = json(status, &wire::error(api, status, what));
    if let Some(seconds) = reply.retry_after.or((status == 429).then_some(RETRY)) {
        response.headers_mut().insert(RETRY_AFTER, seconds.into());
    }
    response
}

/// A frame as a server-sent event. A text, as `[DONE]` is, stands for itself.
fn frame((name, data): wire::Frame) -> Bytes {
    let data = match data {
        Value::String(text) => text,
        data => data.to_string(),
    };
    match name {
        Some(name) => format!("event: {name}\ndata: {data}\n\n").into(),
        None => format!("data: {data}\n\n").into(),
    }
}

fn json(status: u16, body: &Value) -> Response<ModelBody> {
    with_type(status, "application/json", ModelBody::whole(body.to_string()))
}

fn with_type(status: u16, media_type: &'static str, body: ModelBody) -> Response<ModelBody> {
    let mut response = Response::new(body);
    *response.status_mut() = StatusCode::from_u16(status).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR);
    response
        .headers_mut()
        .insert(CONTENT_TYPE, HeaderValue::from_static(media_type));
    response
}

impl<B> Service<Request<B>> for Llm
where
    B: Body + Send + 'static,
    B::Data: Send,
    B::Error: Into<Box<dyn Error + Send + Sync>>,
{
    type Response = Response<ModelBody>;
    type Error = io::Error;
    type Future = Pin<Box<dyn Future<Output = io::Result<Response<ModelBody>>> + Send>>;

    fn poll_ready(&mut self, _cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        Poll::Ready(Ok(()))
    }

    fn call(&mut self, request: Request<B>) -> Self::Future {
        let llm = self.clone();
        Box::pin(async move {
            let (parts, body) = request.into_parts();
            let body = body
                .collect()
                .await
                .map_err(|error| io::Error::other(error.into()))?;
            llm.respond(parts, body.to_bytes()).await
        })
    }
}
