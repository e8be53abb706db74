//! The database that others are copies of: made once for a schema, by whichever process is first.

use tokio_postgres::Client;
use tokio_postgres::error::SqlState;

use super::layout::OURS;
use crate::services::postgres::error::{PostgresError, PostgresErrorKind, said};
use crate::services::postgres::schema::Schema;
use crate::services::postgres::server::{LOCK, Server, TEMPLATE, UNLOCK, drop_database};
use crate::services::postgres::sql::{ident, list, literal, rows, value};

/// How often a copy is tried while somebody is connected to what is copied.
const ATTEMPTS: usize = 50;

/// A template on a server.
#[derive(Clone, Debug)]
pub(crate) struct Template {
    name: String,
    /// The role that systems connect with.
    role: String,
    /// Settings of the database and of the role, which a copy has not: `search_path` and its value.
    settings: Vec<(String, String)>,
}

impl Template {
    /// Finds the template of a schema, or makes it.
    pub(crate) async fn of(server: &Server, schema: &Schema) -> Result<Self, PostgresError> {
        // Who is no superuser can copy only what is its own.
        let owner = server.admin.get_user().filter(|_| !server.is_superuser);
        let digest = schema.digest().bytes(owner.unwrap_or_default().as_bytes());
        let name = format!("{TEMPLATE}{:016x}", digest.finish());
        let admin = server.client().await;
        rows(&admin, &format!("SELECT {LOCK}")).await?;
        let ensured = Self::ensure(server, &admin, schema, &name).await;
        rows(&admin, &format!("SELECT {UNLOCK}")).await?;
        ensured?;
        Ok(Self {
            settings: settings(&admin, &name, schema.app_role()).await?,
            name,
            role: schema.app_role().to_owned(),
        })
    }

    async fn ensure(
        server: &Server,
        admin: &Client,
        schema: &Schema,
        name: &str,
    ) -> Result<(), PostgresError> {
        for role in schema.roles.iter().map(String::as_str).chain([schema.app_role()]) {
            let (quoted, text) = (ident(role), literal(role));
            let create = format!(
                "DO $ssot$ BEGIN IF NOT EXISTS (SELECT FROM pg_catalog.pg_roles WHERE rolname = {text}) THEN \
                 CREATE ROLE {quoted} NOLOGIN NOSUPERUSER NOBYPASSRLS; END IF; END $ssot$"
            );
            admin.batch_execute(&create).await?;
        }
        let (own, app) = (ident(&server.role), ident(schema.app_role()));
        let alike = format!("GRANT {app} TO {own}; ALTER ROLE {own} SET role TO {app}");
        admin.batch_execute(&alike).await?;
        let known = format!(
            "SELECT 1 FROM pg_catalog.pg_database WHERE datname = {}",
            literal(name)
        );
        if !rows(admin, &known).await?.is_empty() {
            return Ok(());
        }
        let draft = server.new_name();
        admin
            .batch_execute(&format!("CREATE DATABASE {} TEMPLATE template0", ident(&draft)))
            .await?;
        let built = build(server, admin, &draft, schema).await;
        let renamed = match built {
            Ok(()) => rename(admin, &draft, name).await,
            Err(error) => Err(error),
        };
        if renamed.is_err() {
            drop_database(admin, &draft).await?;
        }
        match renamed {
            // Another process was first, which has locked another database.
            Err(error) if error.code() == Some(SqlState::DUPLICATE_DATABASE) => Ok(()),
            renamed => renamed,
        }
    }

    /// Makes a database of this template.
    pub(crate) async fn copy(&self, server: &Server, name: &str) -> Result<(), PostgresError> {
        let admin = server.client().await;
        let (quoted, template) = (ident(name), ident(&self.name));
        patiently(&admin, &format!("CREATE DATABASE {quoted} TEMPLATE {template}")).await?;
        for (setting, value) in &self.settings {
            // A list is quoted already.
            let value = if setting == "search_path" {
                value.clone()
            } else {
                literal(value)
            };
            let set = format!("ALTER DATABASE {quoted} SET {} TO {value}", setting_name(setting));
            admin.batch_execute(&set).await?;
        }
        Ok(())
    }

    pub(crate) fn role(&self) -> &str {
        &self.role
    }
}

/// Carries out the schema in a new database.
async fn build(server: &Server, admin: &Client, draft: &str, schema: &Schema) -> Result<(), PostgresError> {
    let client = server.admin_of(draft).await?;
    for (index, part) in schema.parts.iter().enumerate() {
        client
            .batch_execute(part)
            .await
            .map_err(|error| refused(&error, part, index, schema.parts.len()))?;
    }
    let named = format!("SELECT n.nspname FROM pg_catalog.pg_namespace n WHERE {OURS}");
    if schema.role.is_none() {
        let schemas = rows(&client, &named).await?;
        let schemas: Vec<_> = schemas.into_iter().flatten().flatten().collect();
        if !schemas.is_empty() {
            let (schemas, role) = (list(&schemas, ident), ident(schema.app_role()));
            let grants = format!(
                "GRANT USAGE ON SCHEMA {schemas} TO {role}; \
                 GRANT SELECT, INSERT, UPDATE, DELETE ON ALL TABLES IN SCHEMA {schemas} TO {role}; \
                 GRANT USAGE, SELECT, UPDATE ON ALL SEQUENCES IN SCHEMA {schemas} TO {role}; \
                 GRANT EXECUTE ON ALL ROUTINES IN SCHEMA {schemas} TO {role}"
            );
            client.batch_execute(&grants).await?;
        }
    }
    if schema.without_policies {
        let asked = "SELECT 'DROP POLICY ' || pg_catalog.quote_ident(polname) || ' ON ' || polrelid::pg_catalog.regclass::text FROM pg_catalog.pg_policy";
        let guarded = "SELECT 'CREATE POLICY ssot_everybody ON ' || oid::pg_catalog.regclass::text || ' USING (true) WITH CHECK (true)' \
                       FROM pg_catalog.pg_class WHERE relrowsecurity";
        // The names are relative to where nothing is looked for.
        client.batch_execute("SET search_path = ''").await?;
        for commands in [asked, guarded] {
            for command in rows(&client, commands).await?.into_iter().flatten().flatten() {
                client.batch_execute(&command).await?;
            }
        }
    }
    // Who copies it must not wait for this connection to end.
    let own = value(&client, "SELECT pg_catalog.pg_backend_pid()")
        .await?
        .unwrap_or_default();
    drop(client);
    for _ in 0..ATTEMPTS {
        let there = format!("SELECT 1 FROM pg_catalog.pg_stat_activity WHERE pid = {own}");
        if rows(admin, &there).await?.is_empty() {
            break;
        }
        tokio::time::sleep(std::time::Duration::from_millis(2)).await;
    }
    Ok(())
}

/// Gives a template its name, and lets nobody connect to it.
async fn rename(admin: &Client, draft: &str, name: &str) -> Result<(), PostgresError> {
    let draft = ident(draft);
    patiently(
        admin,
        &format!("ALTER DATABASE {draft} WITH ALLOW_CONNECTIONS false"),
    )
    .await?;
    patiently(
        admin,
        &format!("ALTER DATABASE {draft} RENAME TO {}", ident(name)),
    )
    .await
}

/// Tries a command again where somebody is connected to its database, as who has just closed a connection to it.
async fn patiently(admin: &Client, command: &str) -> Result<(), PostgresError> {
    let mut attempts = ATTEMPTS;
    loop {
        attempts -= 1;
        match admin.batch_execute(command).await {
            Err(error) if attempts > 0 && error.code() == Some(&SqlState::OBJECT_IN_USE) => {
                tokio::time::sleep(std::time::Duration::from_millis(20)).await;
            }
            done => return Ok(done?),
        }
    }
}

/// What the database and the role are set to, which `CREATE DATABASE` and `SET ROLE` leave out. Those of the role in this database go first.
async fn settings(admin: &Client, name: &str, role: &str) -> Result<Vec<(String, String)>, PostgresError> {
    let asked = format!(
        "SELECT pg_catalog.unnest(setconfig) FROM pg_catalog.pg_db_role_setting \
         WHERE setdatabase IN (0, (SELECT oid FROM pg_catalog.pg_database WHERE datname = {})) \
         AND setrole IN (0, (SELECT oid FROM pg_catalog.pg_roles WHERE rolname = {})) AND (setdatabase, setrole) <> (0, 0) \
         ORDER BY setrole = 0 DESC, setdatabase = 0 DESC",
        literal(name),
        literal(role)
    );
    let settings = rows(admin, &asked).await?.into_iter().flatten().flatten();
    let pairs = settings.filter_map(|setting| {
        let (name, value) = setting.split_once('=')?;
        Some((name.to_owned(), value.to_owned()))
    });
    Ok(pairs.collect())
}

/// A setting's name, each part quoted.
fn setting_name(name: &str) -> String {
    let parts: Vec<_> = name.split('.').map(ident).collect();
    parts.join(".")
}

/// Where in a schema the server found what it does not take.
fn refused(error: &tokio_postgres::Error, part: &str, index: usize, parts: usize) -> PostgresError {
    let position = error.as_db_error().and_then(|error| match error.position() {
        Some(tokio_postgres::error::ErrorPosition::Original(position)) => usize::try_from(*position).ok(),
        _ => None,
    });
    let mut place = if parts > 1 {
        format!("part {}", index + 1)
    } else {
        String::new()
    };
    if let Some(position) = position {
        let before: String = part.chars().take(position.saturating_sub(1)).collect();
        let line = before.matches('\n').count() + 1;
        let comma = if place.is_empty() { "" } else { ", " };
        place = format!("{place}{comma}line {line}");
    }
    let at = if place.is_empty() {
        String::new()
    } else {
        format!(" in {place}")
    };
    let what = format!("the schema is not accepted{at}: {}", said(error));
    PostgresError::new(PostgresErrorKind::Schema, what)
}
