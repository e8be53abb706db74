use std::fmt;
use std::future::{Future, IntoFuture};
use std::pin::Pin;

use tokio::task;

use super::database::Database;
use super::error::{PostgresError, PostgresErrorKind};
use super::handle::Postgres;
use super::schema::Schema;
use crate::case::Case;

/// A database of a test's own that is yet to be made: see [`Case::postgres`].
#[must_use = "a database is made where this is awaited"]
pub struct CaseDatabase {
    case: Case,
    schema: Schema,
}

impl CaseDatabase {
    pub(super) fn new(case: &Case) -> Self {
        Self {
            case: case.clone(),
            schema: Schema::new(""),
        }
    }

    /// What it is made of (nothing).
    pub fn schema(mut self, schema: impl Into<Schema>) -> Self {
        self.schema = schema.into();
        self
    }
}

impl IntoFuture for CaseDatabase {
    type Output = Result<Option<Database>, PostgresError>;
    type IntoFuture = Pin<Box<dyn Future<Output = Self::Output> + Send>>;

    fn into_future(self) -> Self::IntoFuture {
        let Self { case, schema } = self;
        Box::pin(async move {
            let entered = case.clone();
            let made = blocking(move || {
                let _case = entered.enter();
                let Some(postgres) = Postgres::open(schema)? else {
                    return Ok(None);
                };
                let made = postgres.made_now()?;
                Ok::<_, PostgresError>(Some((made, postgres)))
            });
            let Some((database, postgres)) = made.await?? else {
                return Ok(None);
            };
            let held = database.clone();
            case.on_cleanup(async move {
                // Whoever still holds it holds a name.
                blocking(move || drop((held, postgres))).await
            });
            Ok(Some(database))
        })
    }
}

/// Does what blocks its thread, and keeps a paused clock from moving meanwhile.
async fn blocking<T: Send + 'static>(work: impl FnOnce() -> T + Send + 'static) -> Result<T, PostgresError> {
    let done = task::spawn_blocking(work).await;
    done.map_err(|error| PostgresError::new(PostgresErrorKind::Server, error.to_string()))
}

impl fmt::Debug for CaseDatabase {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("CaseDatabase")
            .field("schema", &self.schema)
            .finish_non_exhaustive()
    }
}
