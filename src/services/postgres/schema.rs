use std::fmt;
use std::fs;
use std::io;
use std::path::Path;
use std::sync::Arc;

use super::sql::{ident, literal};
use crate::digest::Digest;
use crate::trace::User;

/// How a user's view is read: the SQL that makes a connection the user's.
type Viewer = Arc<dyn Fn(&User) -> String + Send + Sync>;

/// How a column names a user.
type OwnerId = Arc<dyn Fn(&User) -> String + Send + Sync>;

/// What a database is made of: its SQL, the role that the system connects with, and what is known of its rows.
///
/// ```
/// use ssot_harness::services::postgres::Schema;
///
/// let schema = Schema::new(
///     "CREATE TABLE orders (owner text NOT NULL, item text NOT NULL);
///      ALTER TABLE orders ENABLE ROW LEVEL SECURITY;
///      CREATE POLICY own ON orders USING (owner = current_setting('app.user', true));",
/// )
/// .owner("owner") // whose a row is
/// .viewer_setting("app.user"); // as whom a user's view is read
/// ```
#[derive(Clone)]
pub struct Schema {
    pub(super) parts: Vec<String>,
    pub(super) role: Option<String>,
    pub(super) roles: Vec<String>,
    pub(super) owner: Option<(String, OwnerId)>,
    pub(super) viewer: Option<Viewer>,
    pub(super) ignored: Vec<String>,
    pub(super) kept: Vec<String>,
    pub(super) without_policies: bool,
}

/// The role that systems connect with, where the schema names none.
pub(super) const ROLE: &str = "ssot_app";

/// How templates are made. Another number makes others of the same schema.
const VERSION: u64 = 1;

impl Schema {
    /// A schema by its SQL, of any number of statements. It is carried out once for a run of the suite, as the server's administrator, in one
    /// transaction unless it says otherwise.
    pub fn new(sql: impl Into<String>) -> Self {
        Self {
            parts: vec![sql.into()],
            role: None,
            roles: Vec::new(),
            owner: None,
            viewer: None,
            ignored: Vec::new(),
            kept: Vec::new(),
            without_policies: false,
        }
    }

    /// A schema by the `.sql` files of a folder of migrations, in the order of their names, each by itself; those that end with `.down.sql` are left out.
    ///
    /// # Errors
    ///
    /// Where the folder or a file cannot be read, or there is none.
    pub fn folder(path: impl AsRef<Path>) -> io::Result<Self> {
        let path = path.as_ref();
        let mut files = Vec::new();
        for entry in fs::read_dir(path)? {
            let file = entry?.path();
            let name = file
                .file_name()
                .unwrap_or_default()
                .to_string_lossy()
                .into_owned();
            let mut ends = name.rsplit('.');
            if ends.next() == Some("sql") && ends.next() != Some("down") {
                files.push(file);
            }
        }
        files.sort();
        let parts = files
            .iter()
            .map(fs::read_to_string)
            .collect::<io::Result<Vec<_>>>()?;
        if parts.is_empty() {
            let what = format!("{} holds no .sql file", path.display());
            return Err(io::Error::new(io::ErrorKind::NotFound, what));
        }
        Ok(Self {
            parts,
            ..Self::new("")
        })
    }

    /// Adds SQL that is carried out after the rest, in a transaction of its own.
    #[must_use]
    pub fn then(mut self, sql: impl Into<String>) -> Self {
        self.parts.push(sql.into());
        self
    }

    /// The role that the system connects with (`ssot_app`). It is created where it is missing, and is no superuser, has no `BYPASSRLS` and owns nothing.
    ///
    /// A role that is named here has the privileges that the schema grants it, and no others; the default has those of reading and writing all tables.
    #[must_use]
    pub fn role(mut self, role: impl Into<String>) -> Self {
        self.role = Some(role.into());
        self
    }

    /// Other roles that the schema mentions. They are created where they are missing.
    #[must_use]
    pub fn roles<R: Into<String>>(mut self, roles: impl IntoIterator<Item = R>) -> Self {
        self.roles.extend(roles.into_iter().map(Into::into));
        self
    }

    /// The column that names a row's owner by the user's id: after each execution, the secrets of others are searched for in the rows of each user, in
    /// every table that has the column.
    #[must_use]
    pub fn owner(self, column: impl Into<String>) -> Self {
        self.owner_by(column, |user| user.id().to_string())
    }

    /// The same where the column names the user otherwise: `|user| user.secret_uuid("tenant")`.
    #[must_use]
    pub fn owner_by(
        mut self,
        column: impl Into<String>,
        named: impl Fn(&User) -> String + Send + Sync + 'static,
    ) -> Self {
        self.owner = Some((column.into(), Arc::new(named)));
        self
    }

    /// The setting by which the policies know a user (`app.user`): after each execution, every table with policies is read as each user, who observes the rows
    /// on [`Surface::Row`](crate::trace::Surface::Row).
    #[must_use]
    pub fn viewer_setting(self, setting: impl Into<String>) -> Self {
        let setting = setting.into();
        self.viewer(move |user| {
            let (name, value) = (literal(&setting), literal(user.id()));
            format!("SELECT pg_catalog.set_config({name}, {value}, true)")
        })
    }

    /// The same by any SQL that makes a connection the user's, within a transaction: `|user| format!("SET LOCAL app.tenant = '{}'", user.id())`.
    #[must_use]
    pub fn viewer(mut self, become_user: impl Fn(&User) -> String + Send + Sync + 'static) -> Self {
        self.viewer = Some(Arc::new(become_user));
        self
    }

    /// Leaves a table out of what is read after an execution: `audit_log`, `billing.invoices`.
    #[must_use]
    pub fn ignore_table(mut self, table: impl Into<String>) -> Self {
        self.ignored.push(table.into());
        self
    }

    /// Lets connections keep a setting when they go back to their pool: `TimeZone`.
    #[must_use]
    pub fn keeps(mut self, setting: impl Into<String>) -> Self {
        self.kept.push(setting.into().to_lowercase());
        self
    }

    pub(super) fn app_role(&self) -> &str {
        self.role.as_deref().unwrap_or(ROLE)
    }

    /// What tells its template from others.
    pub(super) fn digest(&self) -> Digest {
        let parts = self
            .parts
            .iter()
            .fold(Digest::new().word(VERSION), |digest, part| {
                digest.word(part.len() as u64).bytes(part.as_bytes())
            });
        let roles = self.role.iter().chain(&self.roles);
        let roles = roles.fold(parts.word(u64::from(self.role.is_some())), |digest, role| {
            digest.word(role.len() as u64).bytes(role.as_bytes())
        });
        roles.word(u64::from(self.without_policies))
    }

    pub(super) fn is_ignored(&self, schema: &str, table: &str) -> bool {
        let (plain, quoted) = (
            format!("{schema}.{table}"),
            format!("{}.{}", ident(schema), ident(table)),
        );
        self.ignored
            .iter()
            .any(|ignored| *ignored == plain || *ignored == quoted || ignored == table)
    }
}

impl From<&str> for Schema {
    fn from(sql: &str) -> Self {
        Self::new(sql)
    }
}

impl From<String> for Schema {
    fn from(sql: String) -> Self {
        Self::new(sql)
    }
}

impl fmt::Debug for Schema {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Schema")
            .field("digest", &format_args!("{:016x}", self.digest().finish()))
            .field("role", &self.app_role())
            .finish_non_exhaustive()
    }
}
