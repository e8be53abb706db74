use std::fmt;
use std::sync::Arc;

use super::made::Made;
use crate::services::postgres::error::PostgresError;
use crate::services::postgres::service;

/// A database of one's own, and how the system connects to it. Clones are the same database.
///
/// Connections go through a port of this process, which passes everything on: so it is known what a connection keeps.
#[derive(Clone)]
pub struct Database {
    made: Arc<Made>,
}

impl Database {
    pub(crate) fn new(made: Arc<Made>) -> Self {
        Self { made }
    }

    /// The address for the system: `postgres://ssot_…:…@127.0.0.1:40123/ssot_…`, without TLS. Its role is no superuser, has no `BYPASSRLS` and owns no table.
    #[must_use]
    pub fn url(&self) -> String {
        let server = &self.made.server;
        self.url_of(&server.role, &server.password)
    }

    /// The address for the server's administrator, to whom policies do not apply: for fixtures, not for the system. A check whose system connects by
    /// it is refused where tables have policies.
    #[must_use]
    pub fn admin_url(&self) -> String {
        let admin = &self.made.server.admin;
        let password = admin.get_password().unwrap_or_default();
        self.url_of(
            admin.get_user().unwrap_or_default(),
            &String::from_utf8_lossy(password),
        )
    }

    fn url_of(&self, user: &str, password: &str) -> String {
        let address = self.made.proxy.address();
        let name = escaped(&self.made.name);
        let options = self
            .made
            .server
            .admin
            .get_options()
            .filter(|options| !options.is_empty());
        let options = options
            .map(|options| format!("?options={}", escaped(options)))
            .unwrap_or_default();
        format!(
            "postgres://{}:{}@{address}/{name}{options}",
            escaped(user),
            escaped(password)
        )
    }

    /// The database's name.
    #[must_use]
    pub fn name(&self) -> &str {
        &self.made.name
    }

    /// The role that the system's connections have.
    #[must_use]
    pub fn role(&self) -> &str {
        self.made.template.role()
    }

    /// Puts it back to what the schema made of it, in some milliseconds: tables are truncated, sequences and the rows of the schema put back. Where definitions
    /// have changed, it is made anew. Connections to it are closed.
    ///
    /// # Errors
    ///
    /// What the server says.
    pub fn reset(&self) -> impl Future<Output = Result<(), PostgresError>> + Send {
        let made = Arc::clone(&self.made);
        async move { service::wait(async move { made.reset().await }) }
    }
}

/// A part of a URL.
fn escaped(text: &str) -> String {
    let bytes = text.bytes().map(|byte| match byte {
        b'a'..=b'z' | b'A'..=b'Z' | b'0'..=b'9' | b'-' | b'_' | b'.' | b'~' => char::from(byte).to_string(),
        byte => format!("%{byte:02X}"),
    });
    bytes.collect()
}

impl fmt::Debug for Database {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Database")
            .field("name", &self.name())
            .field("role", &self.role())
            .finish_non_exhaustive()
    }
}
