//! Who uses a server: each process has a role of its own on it, and is alive for as long as a connection of that role is open.
//!
//! Databases are named after the role, so that whoever comes next finds what a killed process left.

use tokio::task::JoinHandle;
use tokio_postgres::{Client, Config, NoTls};

use super::secret::secret;
use super::verifier::verifier;
use crate::services::postgres::error::{PostgresError, PostgresErrorKind};
use crate::services::postgres::sql::{ident, literal, rows, value};

/// How the names of all that is made on a server begin.
pub(crate) const PREFIX: &str = "ssot_";

/// How the names of templates do.
pub(crate) const TEMPLATE: &str = "ssot_template_";

/// How long a role may be there before its connection is, in seconds, to processes that lock another database.
const YOUNG: u64 = 3;

/// The advisory lock under which processes come and go.
pub(crate) const LOCK: &str = "pg_catalog.pg_advisory_lock(7551719, 1)";
pub(crate) const UNLOCK: &str = "pg_catalog.pg_advisory_unlock(7551719, 1)";

/// This process's role on a server.
pub(crate) struct Login {
    /// `ssot_` and what only this process has.
    pub(crate) role: String,
    pub(crate) password: String,
    /// What says that this process is alive, where it has not been closed.
    alive: Client,
    closed: JoinHandle<()>,
}

impl Login {
    /// Makes a role, and removes what processes left that are dead.
    pub(crate) async fn register(admin: &Client, config: &Config) -> Result<Self, PostgresError> {
        rows(admin, &format!("SELECT {LOCK}")).await?;
        let registered = Self::register_locked(admin, config).await;
        rows(admin, &format!("SELECT {UNLOCK}")).await?;
        registered
    }

    async fn register_locked(admin: &Client, config: &Config) -> Result<Self, PostgresError> {
        let now = "SELECT pg_catalog.to_hex(extract(epoch FROM pg_catalog.now())::bigint)";
        let now = value(admin, now).await?.unwrap_or_default();
        collect(admin, &now).await?;
        let (role, password) = (format!("{PREFIX}{now}_{}", &secret()[..8]), secret());
        let create = format!(
            "CREATE ROLE {} LOGIN NOSUPERUSER NOCREATEDB NOCREATEROLE NOBYPASSRLS PASSWORD {}; GRANT {0} TO CURRENT_USER",
            ident(&role),
            literal(&verifier(&password, &secret()))
        );
        admin.batch_execute(&create).await?;
        let mut own = config.clone();
        own.user(&role)
            .password(&password)
            .options("")
            .application_name("ssot-harness lease");
        let (client, connection) = own.connect(NoTls).await.map_err(|error| {
            let what = format!(
                "a new role of the server cannot log in: {}; pg_hba.conf has to let roles that begin with {PREFIX} connect with a password",
                super::super::error::said(&error)
            );
            PostgresError::new(PostgresErrorKind::Forbidden, what).because(error)
        })?;
        let closed = tokio::spawn(async move {
            // How it ends makes no difference.
            drop(connection.await);
        });
        Ok(Self {
            role,
            password,
            alive: client,
            closed,
        })
    }

    /// Removes the role, and where nobody else uses the server, the templates.
    pub(crate) async fn release(self, admin: &Client) -> Result<(), PostgresError> {
        drop(self.alive);
        // An error would be that the task was cancelled, with the runtime.
        drop(self.closed.await);
        rows(admin, &format!("SELECT {LOCK}")).await?;
        let removed = remove(admin, &self.role).await;
        let last = format!(
            "SELECT 1 FROM pg_catalog.pg_roles WHERE rolname ~ {}",
            literal(&pattern())
        );
        if rows(admin, &last).await?.is_empty() {
            let like = format!("{}%", TEMPLATE.replace('_', "\\_"));
            let templates = format!(
                "SELECT datname FROM pg_catalog.pg_database WHERE datname LIKE {}",
                literal(&like)
            );
            for template in rows(admin, &templates).await?.into_iter().flatten().flatten() {
                drop_database(admin, &template).await?;
            }
            let role = ident(super::super::schema::ROLE);
            admin
                .batch_execute(&format!("DROP ROLE IF EXISTS {role}"))
                .await?;
        }
        rows(admin, &format!("SELECT {UNLOCK}")).await?;
        removed
    }
}

/// What the names of processes' roles are like.
fn pattern() -> String {
    format!("^{PREFIX}[0-9a-f]{{8,}}_[0-9a-f]{{8}}$")
}

/// Removes the roles and databases of processes that are dead.
async fn collect(admin: &Client, now: &str) -> Result<(), PostgresError> {
    let dead = format!(
        "SELECT rolname FROM pg_catalog.pg_roles WHERE rolname ~ {} AND NOT EXISTS \
         (SELECT FROM pg_catalog.pg_stat_activity WHERE usename = rolname)",
        literal(&pattern())
    );
    let now = u64::from_str_radix(now, 16).unwrap_or_default();
    for role in rows(admin, &dead).await?.into_iter().flatten().flatten() {
        let made = role[PREFIX.len()..].split('_').next().unwrap_or_default();
        let age = now.saturating_sub(u64::from_str_radix(made, 16).unwrap_or_default());
        if age >= YOUNG {
            // What somebody else made may be somebody else's to remove; it is tried again next time.
            drop(remove(admin, &role).await);
        }
    }
    Ok(())
}

/// Removes a process's role with its databases.
async fn remove(admin: &Client, role: &str) -> Result<(), PostgresError> {
    let like = format!("{}\\_%", role.replace('_', "\\_"));
    let databases = format!(
        "SELECT datname FROM pg_catalog.pg_database WHERE datname LIKE {}",
        literal(&like)
    );
    for database in rows(admin, &databases).await?.into_iter().flatten().flatten() {
        drop_database(admin, &database).await?;
    }
    admin
        .batch_execute(&format!("DROP ROLE IF EXISTS {}", ident(role)))
        .await?;
    Ok(())
}

/// Removes a database, and whoever is connected to it.
pub(crate) async fn drop_database(admin: &Client, name: &str) -> Result<(), PostgresError> {
    admin
        .batch_execute(&format!("DROP DATABASE IF EXISTS {} WITH (FORCE)", ident(name)))
        .await?;
    Ok(())
}
