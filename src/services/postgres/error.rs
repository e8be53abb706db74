use std::error::Error;
use std::fmt;

use crate::composed::composed;
use tokio_postgres::error::SqlState;

/// What went wrong with PostgreSQL, and what to do about it.
pub struct PostgresError {
    kind: PostgresErrorKind,
    what: String,
    source: Option<Box<dyn Error + Send + Sync>>,
}

/// Which kind of error it is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum PostgresErrorKind {
    /// There is no server, and `SSOT_REQUIRE` asks for one.
    Missing,
    /// The variable that names the server cannot be understood.
    Setting,
    /// The server does not answer.
    Unreachable,
    /// The user who connects may not do what is needed.
    Forbidden,
    /// The schema could not be carried out.
    Schema,
    /// Anything else that the server says.
    Server,
}

impl PostgresError {
    pub(super) fn new(kind: PostgresErrorKind, what: impl Into<String>) -> Self {
        Self {
            kind,
            what: what.into(),
            source: None,
        }
    }

    pub(super) fn because(mut self, source: impl Into<Box<dyn Error + Send + Sync>>) -> Self {
        self.source = Some(source.into());
        self
    }

    /// Which kind of error it is.
    #[must_use]
    pub fn kind(&self) -> PostgresErrorKind {
        self.kind
    }

    /// What the server said, by its code.
    pub(super) fn code(&self) -> Option<SqlState> {
        let error = self.source.as_ref()?.downcast_ref::<tokio_postgres::Error>()?;
        error.code().cloned()
    }
}

impl From<tokio_postgres::Error> for PostgresError {
    fn from(error: tokio_postgres::Error) -> Self {
        Self::new(PostgresErrorKind::Server, said(&error)).because(error)
    }
}

impl From<fmt::Error> for PostgresError {
    fn from(error: fmt::Error) -> Self {
        Self::new(PostgresErrorKind::Server, error.to_string())
    }
}

/// What the server said, or what came between.
pub(super) fn said(error: &tokio_postgres::Error) -> String {
    let Some(error) = error.as_db_error() else {
        let mut text = error.to_string();
        let mut source = error.source();
        while let Some(cause) = source {
            text = format!("{text}: {cause}");
            source = cause.source();
        }
        return text;
    };
    let mut text = error.message().to_owned();
    for more in [error.detail(), error.hint()].into_iter().flatten() {
        text = format!("{text}; {more}");
    }
    text
}

impl fmt::Display for PostgresError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&composed(self.what.clone()))
    }
}

/// As it is displayed: that is what `cargo test` prints of an error that a test returns.
impl fmt::Debug for PostgresError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&composed(self.what.clone()))
    }
}

impl Error for PostgresError {}
