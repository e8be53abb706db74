//! What a check looks at in its databases: what connections keep, whether policies apply to them, and the rows of each user.

use std::collections::BTreeMap;
use std::sync::Arc;

use serde_json::{Value, json};

use super::database::{Made, owned, seen};
use super::error::PostgresError;
use super::handle::Postgres;
use super::schema::Schema;
use super::service;
use super::sql::rows;
use crate::isolation::{Beside, Failure, FailureKind};
use crate::trace::{Surface, User};

/// What is asked of connections that do not go through the port that [`Database::url`](super::Database::url) names.
const PAST: &str = "SELECT DISTINCT a.usename, r.rolsuper FROM pg_catalog.pg_stat_activity a JOIN pg_catalog.pg_roles r ON r.oid = a.usesysid \
     WHERE a.datname = pg_catalog.current_database() AND a.pid <> pg_catalog.pg_backend_pid() AND a.application_name <> 'ssot-harness' \
     AND (r.rolsuper OR r.rolbypassrls)";

pub(super) struct Watch(pub(super) Postgres);

impl Beside for Watch {
    fn begin(&self) {
        self.0.begin();
    }

    fn built(&self) {
        let databases = self.0.of_execution();
        let kept = self.0.schema().kept.clone();
        service::wait(async move {
            for made in &databases {
                made.proxy.built(&made.fresh, &kept).await;
            }
        });
    }

    fn open(&self) -> usize {
        self.0.of_execution().iter().map(|made| made.proxy.open()).sum()
    }

    fn left(&self) -> Vec<String> {
        let databases = self.0.of_execution();
        let kept = self.0.schema().kept.clone();
        service::wait(async move {
            let mut left = Vec::new();
            for made in &databases {
                left.extend(kept_by_connections(made, &kept).await);
            }
            left
        })
    }

    fn show(&self, users: &[User]) -> Result<(), Failure> {
        let databases = self.0.of_execution();
        let schema = self.0.schema().clone();
        let viewers: Vec<String> = match &schema.viewer {
            Some(viewer) => users.iter().map(|user| viewer(user)).collect(),
            None => Vec::new(),
        };
        let owners: Vec<String> = match &schema.owner {
            Some((_, named)) => users.iter().map(|user| named(user)).collect(),
            None => Vec::new(),
        };
        for made in databases {
            let (schema, viewers) = (schema.clone(), viewers.clone());
            let read = service::wait(async move { look(&made, &schema, &viewers).await });
            let Read { bypass, seen, owned } = read.map_err(|error| unreadable(&error))?;
            if let Some(bypass) = bypass {
                return Err(vacuous(&bypass));
            }
            for (user, tables) in users.iter().zip(seen) {
                observe(user, "seen", tables);
            }
            for (user, owner) in users.iter().zip(&owners) {
                if let Some(tables) = owned.get(owner) {
                    observe(user, "owned", tables.clone());
                }
            }
        }
        Ok(())
    }
}

/// What a look at a database after an execution brings.
struct Read {
    /// Why policies do not apply to the system.
    bypass: Option<String>,
    seen: Vec<BTreeMap<String, Vec<Value>>>,
    owned: BTreeMap<String, BTreeMap<String, Vec<Value>>>,
}

async fn look(made: &Arc<Made>, schema: &Schema, viewers: &[String]) -> Result<Read, PostgresError> {
    let owned = match &schema.owner {
        Some((column, _)) => owned(made, schema, column).await?,
        None => BTreeMap::new(),
    };
    Ok(Read {
        bypass: bypass(made).await?,
        seen: seen(made, schema, viewers).await?,
        owned,
    })
}

/// What idle connections keep that they should not.
async fn kept_by_connections(made: &Made, kept: &[String]) -> Vec<String> {
    let mut left = Vec::new();
    for (index, pooled) in made.proxy.pooled().await.into_iter().enumerate() {
        let fresh = made.fresh.of_role(&pooled.now);
        let fresh = pooled.before.as_ref().unwrap_or(&fresh);
        let keeps = pooled.now.differs(fresh, kept);
        left.extend(
            keeps
                .into_iter()
                .map(|what| format!("connection {} goes back to its pool with {what}", index + 1)),
        );
    }
    left
}

/// Why policies do not apply to a connection of the system, where they do not.
async fn bypass(made: &Made) -> Result<Option<String>, PostgresError> {
    if !made.layout.has_policies() {
        return Ok(None);
    }
    let closed = made.proxy.take_closed();
    let open = made.proxy.last();
    if let Some(bypass) = closed
        .into_iter()
        .chain(open)
        .find_map(|session| session.bypass())
    {
        return Ok(Some(bypass));
    }
    let past = made.with_admin(async |client| rows(client, PAST).await).await??;
    Ok(past.first().map(|row| {
        let role = row.first().cloned().flatten().unwrap_or_default();
        match row.get(1).cloned().flatten().as_deref() {
            Some("t") => format!("the role {role:?} is a superuser, to whom no policy applies"),
            _ => format!("the role {role:?} has BYPASSRLS"),
        }
    }))
}

fn observe(user: &User, how: &str, tables: BTreeMap<String, Vec<Value>>) {
    for (table, rows) in tables {
        user.saw(Surface::Row, &json!({ how: { table: rows } }));
    }
}

fn vacuous(bypass: &str) -> Failure {
    Failure::refused(
        FailureKind::Vacuous,
        format!(
            "vacuous: tables have policies, and the system's connections bypass them: {bypass}; the check could not have found that a policy is missing"
        ),
        "have the system connect by `Database::url()`, whose role is no superuser, has no BYPASSRLS and owns no table, as in production; \
         a table whose owner connects needs `ALTER TABLE .. FORCE ROW LEVEL SECURITY`",
    )
}

fn unreadable(error: &PostgresError) -> Failure {
    Failure::refused(
        FailureKind::Misuse,
        format!("the rows could not be read when the users had left: {error}"),
        "see that the SQL of `Schema::viewer(..)` makes a connection a user's, and leave out a table with `Schema::ignore_table(..)`",
    )
}
