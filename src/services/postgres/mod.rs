//! Databases of PostgreSQL for tests and checks, with row-level security that cannot be bypassed.
//!
//! ```no_run
//! use std::time::Duration;
//!
//! use ssot_harness::prelude::*;
//! use ssot_harness::services::postgres::{Database, Postgres, Schema};
//! use tokio_postgres::{Client, NoTls};
//!
//! fn schema() -> Schema {
//!     Schema::new(
//!         "CREATE TABLE orders (owner text NOT NULL, item text NOT NULL);
//!          ALTER TABLE orders ENABLE ROW LEVEL SECURITY;
//!          CREATE POLICY own ON orders USING (owner = current_setting('app.user', true));",
//!     )
//!     .owner("owner")
//!     .viewer_setting("app.user")
//! }
//!
//! async fn connect(database: &Database) -> Result<Client, tokio_postgres::Error> {
//!     let (client, connection) = tokio_postgres::connect(&database.url(), NoTls).await?;
//!     tokio::spawn(connection);
//!     Ok(client)
//! }
//!
//! fn orders_stay_with_their_owner() -> Result<(), Box<dyn std::error::Error>> {
//!     let Some(postgres) = Postgres::open(schema())? else { return Ok(()) };
//!     let databases = postgres.clone();
//!     try_isolation(async move || {
//!         let database = databases.fresh().await?; // one for each execution
//!         Ok::<_, Box<dyn std::error::Error + Send + Sync>>(connect(&database).await?)
//!     })
//!     .users(2, async |user: &User, client: &Client| {
//!         // ..
//!         Ok(())
//!     })
//!     .postgres(&postgres)
//!     .sockets_outside(Duration::from_millis(250))
//!     .check()?;
//!     Ok(())
//! }
//! ```
//!
//! # Where the server is
//!
//! The first of these that there is: the one that `SSOT_POSTGRES_URL` or `DATABASE_URL` names; a container of `SSOT_POSTGRES_IMAGE`; one of the binaries in `SSOT_POSTGRES_BIN`, `PATH` or
//! `/usr/lib/postgresql`, which runs as an unprivileged user where the tests are root's. All processes of a run share it, and it ends when the last of them has, also where they are killed.
//! On a server that a variable names, nothing is touched but what is made there: databases and roles whose names begin with `ssot_`.
//!
//! # What is looked at after an execution
//!
//! - The rows of each user, by the column that [`Schema::owner`] names, and each table with policies as each user sees it, by [`Schema::viewer_setting`]: text, `json`, `uuid`, `bytea`, arrays
//!   and domains of them, and numbers of 15 digits. Secrets of others are searched for in them.
//! - What idle connections keep that a fresh one does not have, or that they did not have before the users came: settings, role, an open transaction, statements prepared by SQL, temporary tables, advisory
//!   locks, channels listened to, cursors. That is a residue.
//! - Whether policies apply to the connections. Where they do not, the check is vacuous.

mod case_database;
mod database;
mod error;
mod handle;
mod proxy;
mod schema;
mod server;
mod service;
mod sql;
mod users;
mod watch;

pub use case_database::CaseDatabase;
pub use database::Database;
pub use error::{PostgresError, PostgresErrorKind};
pub use handle::Postgres;
pub use schema::Schema;
