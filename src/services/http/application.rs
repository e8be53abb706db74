use std::error::Error;
use std::fmt;
use std::marker::PhantomData;
use std::pin::Pin;
use std::sync::{Arc, Mutex, PoisonError};

use hyper::body::{Body, Incoming};
use hyper::service::Service as HyperService;
use hyper::{Request, Response};
use hyper_util::rt::{TokioExecutor, TokioIo};
use hyper_util::server::conn::auto;
use hyper_util::service::TowerToHyperService;
use tokio::io::DuplexStream;
use tower_service::Service as TowerService;

type Served = Pin<Box<dyn Future<Output = ()> + Send>>;
type BoxError = Box<dyn Error + Send + Sync>;

/// Serves streams in memory: what an [`Application`] becomes.
#[derive(Clone)]
pub struct Connector(Arc<dyn Fn(DuplexStream) -> Served + Send + Sync>);

impl Connector {
    /// What serves one connection; it has to be spawned.
    pub(super) fn serve(&self, stream: DuplexStream) -> Served {
        (self.0)(stream)
    }

    fn of_service<S, B>(service: S) -> Self
    where
        S: HyperService<Request<Incoming>, Response = Response<B>> + Clone + Send + 'static,
        S::Future: Send + 'static,
        S::Error: Into<BoxError>,
        B: Body + Send + 'static,
        B::Data: Send,
        B::Error: Into<BoxError>,
    {
        // Behind a lock, for a service need not be `Sync`.
        let service = Mutex::new(service);
        Self(Arc::new(move |stream| {
            let service = service.lock().unwrap_or_else(PoisonError::into_inner).clone();
            Box::pin(serve(service, stream))
        }))
    }
}

impl fmt::Debug for Connector {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Connector").finish_non_exhaustive()
    }
}

/// An HTTP application that a client can be connected to, by [`User::http`](crate::trace::User::http).
///
/// - `&app` of a tower service of HTTP requests, cloneable: an axum `Router`, tonic's `Routes`;
/// - `&app` of a hyper service of HTTP requests, cloneable;
/// - a closure `|stream: DuplexStream| async move { … }` that serves one connection.
///
/// `M` tells these apart, and is inferred.
#[diagnostic::on_unimplemented(
    message = "`{Self}` is no HTTP application that a client can be connected to",
    note = "pass a reference to a tower or hyper service of `http::Request`s that is `Clone`, `Send` and `'static`, as `&Router` of axum is",
    note = "or a closure that serves a connection: `|stream: tokio::io::DuplexStream| async move {{ … }}`"
)]
pub trait Application<M> {
    /// What serves its connections.
    fn connector(self) -> Connector;
}

/// How a tower service is an [`Application`].
#[derive(Debug)]
pub struct ByTower<B>(PhantomData<B>);

/// How a hyper service is an [`Application`].
#[derive(Debug)]
pub struct ByHyper<B>(PhantomData<B>);

/// How a function of streams is an [`Application`].
#[derive(Debug)]
pub struct ByClosure<F>(PhantomData<F>);

impl<S, B> Application<ByTower<B>> for &S
where
    S: TowerService<Request<Incoming>, Response = Response<B>> + Clone + Send + 'static,
    S::Future: Send + 'static,
    S::Error: Into<BoxError>,
    B: Body + Send + 'static,
    B::Data: Send,
    B::Error: Into<BoxError>,
{
    fn connector(self) -> Connector {
        Connector::of_service(TowerToHyperService::new(self.clone()))
    }
}

impl<S, B> Application<ByHyper<B>> for &S
where
    S: HyperService<Request<Incoming>, Response = Response<B>> + Clone + Send + 'static,
    S::Future: Send + 'static,
    S::Error: Into<BoxError>,
    B: Body + Send + 'static,
    B::Data: Send,
    B::Error: Into<BoxError>,
{
    fn connector(self) -> Connector {
        Connector::of_service(self.clone())
    }
}

impl<F, Fut> Application<ByClosure<Fut>> for F
where
    F: Fn(DuplexStream) -> Fut + Send + Sync + 'static,
    Fut: Future + Send + 'static,
{
    fn connector(self) -> Connector {
        Connector(Arc::new(move |stream| {
            let served = self(stream);
            Box::pin(async move {
                served.await;
            })
        }))
    }
}

/// Serves HTTP/1 or HTTP/2, as the client speaks, with upgrades.
async fn serve<S, B>(service: S, stream: DuplexStream)
where
    S: HyperService<Request<Incoming>, Response = Response<B>> + Send + 'static,
    S::Future: Send + 'static,
    S::Error: Into<BoxError>,
    B: Body + Send + 'static,
    B::Data: Send,
    B::Error: Into<BoxError>,
{
    let mut builder = auto::Builder::new(TokioExecutor::new());
    // What the clock on the wall says is no answer of the application's.
    builder.http1().auto_date_header(false);
    builder.http2().auto_date_header(false).enable_connect_protocol();
    let served = builder.serve_connection_with_upgrades(TokioIo::new(stream), service);
    if let Err(error) = served.await {
        tracing::trace!(target: "ssot_harness", "a connection in memory ended: {error}");
    }
}
