use std::collections::HashMap;
use std::fmt;
use std::io::{self, Write as _};
use std::sync::{Arc, Mutex, PoisonError};
use std::thread::{self, ThreadId};

use super::database::{Database, Made, Template};
use super::error::PostgresError;
use super::schema::Schema;
use super::server::{Server, Unavailable, shared};
use super::service;
use crate::isolation::{Check, Failure, FailureKind, Verdict};

/// Databases of one schema, on the server that all tests share. Clones are the same.
///
/// ```no_run
/// use ssot_harness::prelude::*;
/// use ssot_harness::services::postgres::Postgres;
///
/// # fn main() -> Result<(), Box<dyn std::error::Error>> {
/// let Some(postgres) = Postgres::open("CREATE TABLE orders (owner text, item text)")? else {
///     return Ok(()); // there is no server: why is on standard error
/// };
/// # Ok(())
/// # }
/// ```
#[derive(Clone)]
pub struct Postgres {
    inner: Arc<Inner>,
}

struct Inner {
    schema: Schema,
    template: Template,
    shared: super::database::SharedLayout,
    databases: Mutex<Databases>,
    /// Last, so that the server is left when its databases are gone.
    server: Arc<Server>,
}

#[derive(Default)]
struct Databases {
    /// Those that nobody uses.
    free: Vec<Arc<Made>>,
    /// Those of each thread's execution.
    used: HashMap<ThreadId, Execution>,
}

/// The databases that the execution of a check on a thread was given.
#[derive(Default)]
struct Execution {
    /// Whether it is told when an execution begins.
    is_told: bool,
    made: Vec<Arc<Made>>,
}

impl Postgres {
    /// Finds the server, or starts it, and has the schema carried out where no other process has done so yet.
    ///
    /// The server is the one that `SSOT_POSTGRES_URL` or `DATABASE_URL` names; else a container of `SSOT_POSTGRES_IMAGE` (`postgres:17-alpine`); else one of the
    /// binaries in `SSOT_POSTGRES_BIN`, `PATH` or `/usr/lib/postgresql`. `None` where there is none of these: the reason is written to standard error. Where
    /// `SSOT_REQUIRE` names `postgres`, that is an error.
    ///
    /// It blocks the thread, for some seconds where a server has to be started.
    ///
    /// # Errors
    ///
    /// Where a named server cannot be used, a required one is missing, or the schema is not accepted.
    pub fn open(schema: impl Into<Schema>) -> Result<Option<Self>, PostgresError> {
        let schema = schema.into();
        match service::wait(Self::find(schema)) {
            Ok(postgres) => Ok(Some(postgres)),
            Err(Unavailable::Failed(error)) => Err(error),
            Err(Unavailable::Skipped(why)) => {
                let test = thread::current().name().unwrap_or("a test").to_owned();
                let line = format!(
                    "ssot: skipped {test}: there is no PostgreSQL server: {why}; SSOT_REQUIRE=postgres makes that a failure\n"
                );
                // Past the capture of test output: a test that is skipped must not look like one that passes.
                drop(io::stderr().lock().write_all(line.as_bytes()));
                Ok(None)
            }
        }
    }

    async fn find(schema: Schema) -> Result<Self, Unavailable> {
        let server = shared().await?;
        let template = Template::of(&server, &schema).await?;
        Ok(Self {
            inner: Arc::new(Inner {
                schema,
                template,
                shared: Arc::default(),
                databases: Mutex::default(),
                server,
            }),
        })
    }

    /// A database as the schema makes it, for one execution of a check, or for one test.
    ///
    /// One that an earlier execution has had is put back by truncation, in some milliseconds; the first is copied, in tens. An execution that calls this twice has two.
    ///
    /// # Errors
    ///
    /// What the server says.
    pub fn fresh(&self) -> impl Future<Output = Result<Database, PostgresError>> + Send + use<> {
        let postgres = self.clone();
        async move {
            let thread = thread::current().id();
            let free = postgres.databases(|databases| {
                if databases.used.get(&thread).is_none_or(|used| !used.is_told) {
                    databases.end(thread);
                }
                databases.free.pop()
            });
            let inner = Arc::clone(&postgres.inner);
            let made = service::wait(async move {
                if let Some(made) = free {
                    return made.reset().await.map(|()| made);
                }
                let (server, template) = (Arc::clone(&inner.server), inner.template.clone());
                Made::make(server, template, &inner.shared).await.map(Arc::new)
            })?;
            postgres.databases(|databases| {
                databases
                    .used
                    .entry(thread)
                    .or_default()
                    .made
                    .push(Arc::clone(&made));
            });
            Ok(Database::new(made))
        }
    }

    /// A database that is no execution's.
    pub(super) fn made_now(&self) -> Result<Database, PostgresError> {
        let inner = Arc::clone(&self.inner);
        let made = service::wait(async move {
            let (server, template) = (Arc::clone(&inner.server), inner.template.clone());
            Made::make(server, template, &inner.shared).await
        });
        Ok(Database::new(Arc::new(made?)))
    }

    /// The same schema without row-level security: each table that has policies lets everybody see all rows. What fails on it, and passes on the schema, relies on the policies.
    ///
    /// # Errors
    ///
    /// What the server says.
    pub fn without_policies(&self) -> Result<Self, PostgresError> {
        let schema = Schema {
            without_policies: true,
            ..self.inner.schema.clone()
        };
        match service::wait(Self::find(schema)) {
            Ok(postgres) => Ok(postgres),
            Err(Unavailable::Failed(error)) => Err(error),
            Err(Unavailable::Skipped(why)) => Err(PostgresError::new(super::PostgresErrorKind::Missing, why)),
        }
    }

    /// Runs a check twice: on the schema, where it has to pass, and on one whose policies let everybody see all rows, where it has to fail. A check that passes
    /// there too would not notice that the policies are missing.
    ///
    /// ```no_run
    /// # use ssot_harness::prelude::*;
    /// # use ssot_harness::services::postgres::Postgres;
    /// # fn check(postgres: &Postgres) -> ssot_harness::isolation::Check<()> { unimplemented!() }
    /// # fn test(postgres: &Postgres) -> Verdict {
    /// postgres.control_arm(check) // fn check(postgres: &Postgres) -> Check<Shop>
    /// # }
    /// ```
    ///
    /// # Errors
    ///
    /// The failure on the schema; else one of the kind [`Vacuous`](FailureKind::Vacuous).
    pub fn control_arm<S: 'static>(&self, check: impl Fn(&Self) -> Check<S>) -> Verdict {
        let report = check(self).check()?;
        let without = self.without_policies().map_err(|error| {
            let remedy = "see that the server still answers";
            Failure::refused(
                FailureKind::Build,
                format!("the policies could not be dropped: {error}"),
                remedy,
            )
        })?;
        match check(&without).without_regressions().check() {
            Err(failure) if failure.kind() == FailureKind::Violation => Ok(report),
            Err(failure) => Err(failure.saying(" (with the policies dropped)")),
            Ok(_) => Err(Failure::refused(
                FailureKind::Vacuous,
                "vacuous: the check passes with the policies dropped, too, so that it does not notice where they are missing",
                "have the script read what the policies are to hide, without a condition of its own (`SELECT .. FROM orders`, not `.. WHERE owner = $1`), \
                 or name how a user's view is read (`Schema::viewer_setting(..)`)",
            )),
        }
    }

    pub(super) fn schema(&self) -> &Schema {
        &self.inner.schema
    }

    /// An execution begins on this thread, whose databases are told from now on.
    pub(super) fn begin(&self) {
        let thread = thread::current().id();
        self.databases(|databases| {
            databases.end(thread);
            databases.used.entry(thread).or_default().is_told = true;
        });
    }

    /// The databases of the execution on this thread.
    pub(super) fn of_execution(&self) -> Vec<Arc<Made>> {
        let thread = thread::current().id();
        self.databases(|databases| {
            databases
                .used
                .get(&thread)
                .map(|used| used.made.clone())
                .unwrap_or_default()
        })
    }

    fn databases<T>(&self, work: impl FnOnce(&mut Databases) -> T) -> T {
        work(
            &mut self
                .inner
                .databases
                .lock()
                .unwrap_or_else(PoisonError::into_inner),
        )
    }
}

impl Databases {
    /// The execution on a thread is over: what nobody holds any more is free.
    fn end(&mut self, thread: ThreadId) {
        let Some(used) = self.used.get_mut(&thread) else {
            return;
        };
        let over = used.made.extract_if(.., |made| Arc::strong_count(made) == 1);
        self.free.extend(over);
    }
}

impl fmt::Debug for Postgres {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Postgres")
            .field("schema", &self.inner.schema)
            .field("server", &self.inner.server)
            .finish_non_exhaustive()
    }
}
