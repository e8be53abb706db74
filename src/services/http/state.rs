use std::fmt;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use url::Url;

use super::application::Connector;
use super::connection::{Http1, Http2, Place};
use super::error::HttpError;
use super::settings::Settings;
use super::stream::Stream;
use crate::trace::Observer;

/// Where an application is, if nothing else is said: behind what ends TLS, so that cookies that are `Secure` are kept.
const BASE: &str = "https://app.example";

/// What the clones of a client have in common.
pub(super) struct ClientState {
    pub(super) observer: Observer,
    place: Place,
    settings: Mutex<Settings>,
    connections: Mutex<Connections>,
}

/// The connections that can take a request.
#[derive(Debug, Default)]
struct Connections {
    idle: Vec<Http1>,
    http2: Option<Arc<Http2>>,
}

impl ClientState {
    /// Of a client for an application in this process.
    pub(super) fn here(observer: Observer, connector: Connector) -> Self {
        Self::new(observer, Place::Here(connector), Settings::new(fixed()))
    }

    /// Of a client for an application that listens at `url`.
    pub(super) fn at(observer: Observer, url: &str) -> Self {
        let parsed = Url::parse(url).ok().filter(|url| url.scheme() == "http");
        let place = parsed
            .as_ref()
            .and_then(|url| Some((url.host_str()?.to_owned(), url.port_or_known_default()?)));
        let Some((base, (host, port))) = parsed.zip(place) else {
            let state = Self::new(observer, Place::At(String::new(), 0), Settings::new(fixed()));
            let what = format!(
                "{url:?} is no address of an application: give one like \"http://127.0.0.1:8080\", without TLS"
            );
            state.with(|settings| settings.note::<()>(Err(HttpError::request(what))));
            return state;
        };
        Self::new(observer, Place::At(host, port), Settings::new(base))
    }

    fn new(observer: Observer, place: Place, settings: Settings) -> Self {
        Self {
            observer,
            place,
            settings: Mutex::new(settings),
            connections: Mutex::default(),
        }
    }

    pub(super) fn with<T>(&self, f: impl FnOnce(&mut Settings) -> T) -> T {
        f(&mut self.settings.lock().unwrap_or_else(PoisonError::into_inner))
    }

    fn connections(&self) -> MutexGuard<'_, Connections> {
        self.connections.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Where a path leads.
    pub(super) fn url(&self, path: &str) -> Result<Url, HttpError> {
        let base = self.with(|settings| match &settings.mistake {
            Some(mistake) => Err(mistake.again()),
            None => Ok(settings.base.clone()),
        })?;
        let is_absolute = path.starts_with("http://") || path.starts_with("https://");
        let refuse = || {
            HttpError::request(format!(
                "{path:?} is no path of the application: begin it with `/`, and leave out control characters"
            ))
        };
        if (!path.starts_with('/') && !is_absolute) || path.chars().any(char::is_control) {
            return Err(refuse());
        }
        let url = base.join(path).map_err(|error| refuse().because(error))?;
        if url.origin() != base.origin() {
            return Err(HttpError::request(format!(
                "{path:?} is not within the application, which is at {}: leave out the host, or set another place with `at`",
                base.as_str().trim_end_matches('/')
            )));
        }
        Ok(url)
    }

    /// A stream to the application.
    pub(super) async fn stream(&self) -> Result<Stream, HttpError> {
        self.place.open(self.with(|settings| settings.buffer)).await
    }

    /// A connection that takes a request: one that is idle, or a new one.
    pub(super) async fn http1(&self) -> Result<Http1, HttpError> {
        loop {
            let idle = self.connections().idle.pop();
            match idle {
                Some(mut connection) => {
                    // The application may have closed it.
                    if connection.ready().await.is_ok() {
                        return Ok(connection);
                    }
                }
                None => return Http1::open(self.stream().await?).await.map_err(refused),
            }
        }
    }

    pub(super) async fn http2(&self) -> Result<Arc<Http2>, HttpError> {
        let known = self.connections().http2.clone();
        if let Some(connection) = known.filter(|connection| !connection.has_ended()) {
            return Ok(connection);
        }
        let opened = Arc::new(Http2::open(self.stream().await?).await.map_err(refused)?);
        self.connections().http2 = Some(Arc::clone(&opened));
        Ok(opened)
    }

    pub(super) fn give_back(&self, connection: Http1) {
        if !connection.has_ended() {
            self.connections().idle.push(connection);
        }
    }

    /// Closes those that no request uses.
    pub(super) fn close(&self) {
        let closed = std::mem::take(&mut *self.connections());
        drop(closed);
    }
}

fn fixed() -> Url {
    match Url::parse(BASE) {
        Ok(base) => base,
        Err(error) => unreachable!("the address is fixed: {error}"),
    }
}

impl fmt::Debug for ClientState {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("ClientState").finish_non_exhaustive()
    }
}

fn refused(error: hyper::Error) -> HttpError {
    HttpError::connection("the application closed the connection at once").because(error)
}
