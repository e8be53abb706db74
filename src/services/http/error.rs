use std::error::Error;
use std::fmt;

use crate::composed::composed;

/// What kind of error a client met.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum HttpErrorKind {
    /// The request cannot be sent: a path, a header or a body that is none. The test has to be mended.
    Request,
    /// The connection was closed, or what came is no HTTP.
    Connection,
    /// The reply did not come in the time that was set.
    Timeout,
    /// The reply is not what was asked for: no JSON, no success, no stream of events, no WebSocket.
    Reply,
}

/// Why a request of a client has no result.
pub struct HttpError {
    kind: HttpErrorKind,
    /// In our words.
    what: String,
    /// What came, in the application's words.
    said: Option<String>,
    source: Option<Box<dyn Error + Send + Sync>>,
}

impl HttpError {
    pub(super) fn new(kind: HttpErrorKind, what: impl Into<String>) -> Self {
        Self {
            kind,
            what: what.into(),
            said: None,
            source: None,
        }
    }

    pub(super) fn request(what: impl Into<String>) -> Self {
        Self::new(HttpErrorKind::Request, what)
    }

    pub(super) fn connection(what: impl Into<String>) -> Self {
        Self::new(HttpErrorKind::Connection, what)
    }

    pub(super) fn reply(what: impl Into<String>) -> Self {
        Self::new(HttpErrorKind::Reply, what)
    }

    pub(super) fn saying(mut self, said: impl Into<String>) -> Self {
        self.said = Some(said.into());
        self
    }

    pub(super) fn because(mut self, source: impl Into<Box<dyn Error + Send + Sync>>) -> Self {
        self.source = Some(source.into());
        self
    }

    /// The same error once more, without its source: a client that was set up wrongly says so at every request.
    pub(super) fn again(&self) -> Self {
        Self {
            kind: self.kind,
            what: self.what.clone(),
            said: self.said.clone(),
            source: None,
        }
    }

    /// What kind of error it is.
    #[must_use]
    pub fn kind(&self) -> HttpErrorKind {
        self.kind
    }
}

impl fmt::Display for HttpError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(composed(&*self.what))?;
        match &self.said {
            Some(said) => write!(f, ": {said}"),
            None => Ok(()),
        }
    }
}

impl fmt::Debug for HttpError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self, f)?;
        match &self.source {
            Some(source) => write!(f, " ({source})"),
            None => Ok(()),
        }
    }
}

impl Error for HttpError {
    fn source(&self) -> Option<&(dyn Error + 'static)> {
        self.source
            .as_ref()
            .map(|source| &**source as &(dyn Error + 'static))
    }
}
