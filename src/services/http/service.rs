use std::error::Error;
use std::fmt;
use std::pin::Pin;
use std::sync::Arc;
use std::task::{Context, Poll, ready};

use http_body_util::BodyExt as _;
use hyper::body::{Body, Bytes, Frame};
use hyper::http::uri::InvalidUri;
use hyper::{Request, Response};
use tower_service::Service;

use super::client::HttpClient;
use super::error::HttpError;
use super::exchange::{ReplyBody, exchange};
use super::observed::Reading;

/// The body of a reply to a client that is used as a tower service. The reply is observed when it is dropped, as far as it was read.
pub struct ServiceBody {
    body: ReplyBody,
    reading: Reading,
}

impl Body for ServiceBody {
    type Data = Bytes;
    type Error = HttpError;

    fn poll_frame(
        mut self: Pin<&mut Self>,
        cx: &mut Context<'_>,
    ) -> Poll<Option<Result<Frame<Bytes>, HttpError>>> {
        let frame = ready!(self.body.poll_frame(cx));
        match &frame {
            Some(Ok(frame)) => {
                if let Some(data) = frame.data_ref() {
                    self.reading.add(data);
                }
                if let Some(trailers) = frame.trailers_ref() {
                    self.reading.add_trailers(trailers.clone());
                }
            }
            Some(Err(_)) => {}
            None => self.reading.finish(),
        }
        Poll::Ready(frame)
    }
}

impl fmt::Debug for ServiceBody {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("ServiceBody").finish_non_exhaustive()
    }
}

/// The client as what generated clients, tonic's for one, send their requests by: each reply is observed as the client's own are. Of gRPC, the messages are
/// told apart; in their protobuf, text stands as it is.
impl<B> Service<Request<B>> for HttpClient
where
    B: Body<Data = Bytes> + Send + 'static,
    B::Error: Into<Box<dyn Error + Send + Sync>>,
{
    type Response = Response<ServiceBody>;
    type Error = HttpError;
    type Future = Pin<Box<dyn Future<Output = Result<Self::Response, HttpError>> + Send>>;

    fn poll_ready(&mut self, _cx: &mut Context<'_>) -> Poll<Result<(), HttpError>> {
        Poll::Ready(Ok(()))
    }

    fn call(&mut self, request: Request<B>) -> Self::Future {
        let client = Arc::clone(self.state());
        Box::pin(async move {
            let path = request.uri().path_and_query().map_or("/", |path| path.as_str());
            let url = client.url(path)?;
            let mut request = request.map(|body| body.map_err(Into::into).boxed_unsync());
            *request.uri_mut() = url.as_str().parse().map_err(|error: InvalidUri| {
                HttpError::request(format!("{url} is no address")).because(error)
            })?;
            let (parts, body) = exchange(&client, &url, request, false).await?;
            let mut response = Response::new(());
            *response.status_mut() = parts.status;
            *response.version_mut() = parts.version;
            *response.headers_mut() = parts.headers.clone();
            let treatments = client.with(|settings| settings.treatments.clone());
            let reading = Reading::new(client.observer.clone(), treatments, parts);
            Ok(response.map(|()| ServiceBody { body, reading }))
        })
    }
}
