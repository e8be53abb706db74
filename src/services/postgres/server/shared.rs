use std::fmt;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, Weak};
use std::time::Duration;

use tokio::sync::{Mutex, MutexGuard};
use tokio_postgres::{Client, Config, NoTls};

use super::found::{Found, Origin, Unavailable, find};
use super::login::{Login, PREFIX};
use super::secret::secret;
use super::verifier::verifier;
use crate::services::postgres::error::{PostgresError, PostgresErrorKind, said};
use crate::services::postgres::service;
use crate::services::postgres::sql::{literal, rows};

/// How often a server is looked for that goes away while it is found.
const ATTEMPTS: usize = 3;

/// The oldest version that is known to work, as the server numbers them.
const OLDEST: u32 = 130_000;

/// How long to wait for a server that has a name.
const CONNECT: Duration = Duration::from_secs(5);

/// The server of this process, while it is used; one that ends by itself stays.
static SHARED: Mutex<Shared> = Mutex::const_new(Shared {
    kept: None,
    used: Weak::new(),
});

struct Shared {
    kept: Option<Arc<Server>>,
    used: Weak<Server>,
}

/// A server that this process uses.
pub(crate) struct Server {
    /// How its administrator connects.
    pub(crate) admin: Config,
    pub(crate) name: String,
    /// Whether its administrator is exempt from everything.
    pub(crate) is_superuser: bool,
    /// This process's role and its password.
    pub(crate) role: String,
    pub(crate) password: String,
    origin: Origin,
    client: Mutex<Client>,
    /// Taken where this is dropped.
    login: std::sync::Mutex<Option<Login>>,
    next: AtomicU64,
}

/// The server that this process shares with others.
pub(crate) async fn shared() -> Result<Arc<Server>, Unavailable> {
    let mut shared = SHARED.lock().await;
    if let Some(server) = shared.used.upgrade()
        && !server.client.lock().await.is_closed()
    {
        return Ok(server);
    }
    let mut attempts = ATTEMPTS;
    let server = loop {
        attempts -= 1;
        let found = find().await?;
        match Server::connect(found).await {
            Ok(server) => break Arc::new(server),
            // It ended in between: nobody else used it any more.
            Err((error, origin)) if attempts > 0 && !matches!(origin, Origin::Named) => {
                drop(error);
                tokio::time::sleep(Duration::from_millis(200)).await;
            }
            Err((error, _)) => return Err(error.into()),
        }
    };
    shared.used = Arc::downgrade(&server);
    shared.kept = (!matches!(server.origin, Origin::Named)).then(|| Arc::clone(&server));
    Ok(server)
}

impl Server {
    async fn connect(found: Found) -> Result<Self, (PostgresError, Origin)> {
        let Found {
            mut config,
            name,
            origin,
        } = found;
        config.application_name("ssot-harness");
        if config.get_connect_timeout().is_none() {
            config.connect_timeout(CONNECT);
        }
        let opened = async {
            let client = connect(&config, &name).await?;
            let is_superuser = may(&client, &name).await?;
            if !matches!(origin, Origin::Named) {
                let password =
                    String::from_utf8_lossy(config.get_password().unwrap_or_default()).into_owned();
                let cheap = format!(
                    "ALTER ROLE CURRENT_USER PASSWORD {}",
                    literal(&verifier(&password, &secret()))
                );
                client.batch_execute(&cheap).await?;
            }
            let login = Login::register(&client, &config).await?;
            Ok((client, is_superuser, login))
        };
        match opened.await {
            Ok((client, is_superuser, login)) => Ok(Self {
                admin: config,
                name,
                is_superuser,
                role: login.role.clone(),
                password: login.password.clone(),
                origin,
                client: Mutex::new(client),
                login: std::sync::Mutex::new(Some(login)),
                next: AtomicU64::new(0),
            }),
            Err(error) => Err((error, origin)),
        }
    }

    /// The connection for what concerns the server as a whole, alone.
    pub(crate) async fn client(&self) -> MutexGuard<'_, Client> {
        self.client.lock().await
    }

    /// The name of a new database of this process.
    pub(crate) fn new_name(&self) -> String {
        format!("{}_{}", self.role, self.next.fetch_add(1, Ordering::Relaxed))
    }

    /// Connects to a database as the administrator.
    pub(crate) async fn admin_of(&self, database: &str) -> Result<Client, PostgresError> {
        let mut config = self.admin.clone();
        config.dbname(database);
        connect(&config, &self.name).await
    }

    /// Connects to a database as the system does.
    pub(crate) async fn user_of(&self, database: &str) -> Result<Client, PostgresError> {
        let mut config = self.admin.clone();
        config.dbname(database).user(&self.role).password(&self.password);
        connect(&config, &self.name).await
    }
}

async fn connect(config: &Config, name: &str) -> Result<Client, PostgresError> {
    let (client, connection) = config.connect(NoTls).await.map_err(|error| {
        let what = said(&error);
        let what = format!(
            "{name} cannot be connected to: {what}; start the server, or unset the variable that names it"
        );
        PostgresError::new(PostgresErrorKind::Unreachable, what).because(error)
    })?;
    tokio::spawn(async move {
        // Who uses the client is told.
        drop(connection.await);
    });
    Ok(client)
}

/// Whether the administrator is a superuser; refused where it may not do what is needed.
async fn may(client: &Client, name: &str) -> Result<bool, PostgresError> {
    let asked = "SELECT pg_catalog.current_setting('server_version_num'), rolname, rolsuper, rolcreatedb, rolcreaterole \
                 FROM pg_catalog.pg_roles WHERE rolname = current_user";
    let answer = rows(client, asked).await?;
    let fields: Vec<&str> = answer
        .iter()
        .flatten()
        .map(|field| field.as_deref().unwrap_or_default())
        .collect();
    let [version, role, superuser, create_database, create_role] = fields[..] else {
        return Err(PostgresError::new(
            PostgresErrorKind::Server,
            format!("{name} does not know who is connected"),
        ));
    };
    if version.parse().is_ok_and(|version: u32| version < OLDEST) {
        let what = format!("{name} is of version {version}, and {OLDEST} is the oldest that can be used");
        return Err(PostgresError::new(PostgresErrorKind::Setting, what));
    }
    if superuser == "t" {
        return Ok(true);
    }
    let lacking: Vec<_> = [(create_database, "CREATEDB"), (create_role, "CREATEROLE")]
        .into_iter()
        .filter(|&(may, _)| may != "t")
        .map(|(_, lacking)| lacking)
        .collect();
    if lacking.is_empty() {
        return Ok(false);
    }
    let lacking = lacking.join(" ");
    let what = format!(
        "{name}: each test has a database and a role of its own, and the role `{role}` may not create them; have a superuser run \
         `ALTER ROLE \"{role}\" {lacking}`, or name another server"
    );
    Err(PostgresError::new(PostgresErrorKind::Forbidden, what))
}

impl Drop for Server {
    /// A server of somebody else is left as it was. One that ends by itself needs nothing.
    fn drop(&mut self) {
        let login = self
            .login
            .get_mut()
            .unwrap_or_else(std::sync::PoisonError::into_inner)
            .take();
        let Some(login) = login.filter(|_| matches!(self.origin, Origin::Named)) else {
            return;
        };
        let config = self.admin.clone();
        let name = self.name.clone();
        let release = async move {
            let client = connect(&config, &name).await?;
            login.release(&client).await
        };
        let report = async move {
            if let Err(error) = release.await {
                let role = error.to_string();
                eprintln!("ssot: {PREFIX}* is left on the server: {role}; the next run removes it");
            }
        };
        if service::is_here() {
            service::handle().spawn(report);
        } else {
            service::wait(report);
        }
    }
}

impl fmt::Debug for Server {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Server")
            .field("name", &self.name)
            .field("origin", &self.origin)
            .finish_non_exhaustive()
    }
}
