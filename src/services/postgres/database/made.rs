use std::fmt;
use std::sync::Arc;

use tokio::sync::{Mutex, OnceCell};
use tokio_postgres::Client;

use super::layout::Layout;
use super::reset::reset;
use super::template::Template;
use crate::services::postgres::error::{PostgresError, PostgresErrorKind};
use crate::services::postgres::proxy::{Proxy, Session, Upstream, probe};
use crate::services::postgres::server::{Server, drop_database};
use crate::services::postgres::service;
use crate::services::postgres::sql::value;

/// A database that was made, until this is dropped.
pub(crate) struct Made {
    pub(crate) name: String,
    pub(crate) server: Arc<Server>,
    pub(crate) template: Template,
    pub(crate) layout: Arc<Layout>,
    pub(crate) proxy: Proxy,
    /// What a connection of the system keeps that was never used.
    pub(crate) fresh: Session,
    /// The administrator's connection to it, and one like the system's.
    admin: Mutex<Option<Client>>,
    viewer: Mutex<Option<Viewer>>,
}

/// A connection that reads what users see, and its query.
struct Viewer {
    client: Client,
    query: String,
}

/// What all databases of a template have in common, from the first that is made.
pub(crate) type SharedLayout = Arc<OnceCell<(Arc<Layout>, Session)>>;

impl Made {
    /// Makes a database of a template.
    pub(crate) async fn make(
        server: Arc<Server>,
        template: Template,
        shared: &SharedLayout,
    ) -> Result<Self, PostgresError> {
        let name = server.new_name();
        template.copy(&server, &name).await?;
        let made = Self::open(&server, template, shared, &name).await;
        if made.is_err() {
            let admin = server.client().await;
            drop_database(&admin, &name).await?;
        }
        made
    }

    async fn open(
        server: &Arc<Server>,
        template: Template,
        shared: &SharedLayout,
        name: &str,
    ) -> Result<Self, PostgresError> {
        let admin = server.admin_of(name).await?;
        let unreachable = |error: std::io::Error| {
            let what = format!("{} cannot be connected to: {error}", server.name);
            PostgresError::new(PostgresErrorKind::Unreachable, what)
        };
        let upstream = Upstream::of(&server.admin).await.map_err(unreachable)?;
        let proxy = Proxy::listen(upstream).await.map_err(unreachable)?;
        let learnt = shared.get_or_try_init(|| async {
            let layout = Layout::of(&admin).await?;
            proxy.knows(layout.custom.iter().cloned());
            let client = server.user_of(name).await?;
            let session = value(&client, &probe(&proxy.custom())).await?.unwrap_or_default();
            let session: Session = serde_json::from_str(&session).unwrap_or_default();
            Ok::<_, PostgresError>((Arc::new(layout), session.in_transaction(b'I')))
        });
        let (layout, fresh) = learnt.await?.clone();
        proxy.knows(layout.custom.iter().cloned());
        Ok(Self {
            name: name.to_owned(),
            server: Arc::clone(server),
            template,
            layout,
            proxy,
            fresh,
            admin: Mutex::new(Some(admin)),
            viewer: Mutex::new(None),
        })
    }

    /// Puts it back to what the template holds: by truncation, else by a new copy. Whoever is connected to it is not any more.
    pub(crate) async fn reset(&self) -> Result<(), PostgresError> {
        self.proxy.restart();
        let mut admin = self.admin.lock().await;
        if let Some(client) = admin.as_ref().filter(|client| !client.is_closed())
            && reset(client, &self.layout, self.server.is_superuser)
                .await
                .unwrap_or(false)
        {
            return Ok(());
        }
        *admin = None;
        *self.viewer.lock().await = None;
        {
            let server = self.server.client().await;
            drop_database(&server, &self.name).await?;
        }
        self.template.copy(&self.server, &self.name).await?;
        *admin = Some(self.server.admin_of(&self.name).await?);
        Ok(())
    }

    /// The administrator's connection.
    pub(crate) async fn with_admin<T>(
        &self,
        work: impl AsyncFnOnce(&Client) -> T,
    ) -> Result<T, PostgresError> {
        let mut admin = self.admin.lock().await;
        if admin.as_ref().is_none_or(Client::is_closed) {
            *admin = Some(self.server.admin_of(&self.name).await?);
        }
        let client = admin.as_ref().expect("it has just been opened");
        Ok(work(client).await)
    }

    /// A connection like the system's, and what `query` makes for it, once for a connection.
    pub(crate) async fn with_viewer<T>(
        &self,
        query: impl AsyncFnOnce(&Client) -> Result<String, PostgresError>,
        work: impl AsyncFnOnce(&Client, &str) -> Result<T, PostgresError>,
    ) -> Result<T, PostgresError> {
        let mut viewer = self.viewer.lock().await;
        let open = if let Some(open) = viewer.take().filter(|viewer| !viewer.client.is_closed()) {
            open
        } else {
            let client = self.server.user_of(&self.name).await?;
            let query = query(&client).await?;
            Viewer { client, query }
        };
        let open = viewer.insert(open);
        work(&open.client, &open.query).await
    }
}

impl Drop for Made {
    fn drop(&mut self) {
        let (server, name) = (Arc::clone(&self.server), self.name.clone());
        let removed = async move {
            let client = server.client().await;
            let removed = drop_database(&client, &name).await;
            drop(client);
            if let Err(error) = removed {
                eprintln!("ssot: the database {name} is left: {error}; the next run removes it");
            }
        };
        if service::is_here() {
            service::handle().spawn(removed);
        } else {
            service::wait(removed);
        }
    }
}

impl fmt::Debug for Made {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Made")
            .field("name", &self.name)
            .finish_non_exhaustive()
    }
}
