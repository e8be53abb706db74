//! A server in a container, which lives for as long as somebody is connected to it.
//!
//! The container's own shell counts the connections, so that nothing on this side has to outlive a process that is killed.

use std::borrow::Cow;
use std::collections::HashMap;
use std::env;
use std::fs;
use std::time::{Duration, Instant};

use testcontainers_modules::postgres;
use testcontainers_modules::testcontainers::bollard::query_parameters::ListContainersOptionsBuilder;
use testcontainers_modules::testcontainers::core::client::docker_client_instance;
use testcontainers_modules::testcontainers::core::{ContainerPort, WaitFor};
use testcontainers_modules::testcontainers::runners::AsyncRunner as _;
use testcontainers_modules::testcontainers::{Image, ImageExt as _};
use tokio::task;
use tokio::time::timeout;
use tokio_postgres::{Config, NoTls};

use super::secret::secret;
use crate::digest::Digest;
use crate::files::LockedFolder;
use crate::settings;

const SCRIPT: &str = include_str!("container.sh");

/// The image, where nothing else is said.
const IMAGE: &str = "postgres:17-alpine";

/// The labels by which containers are found, and what they hold: which server it is, its password, and the folder for temporary files of those who share it.
const KEY: &str = "org.ssot-harness.postgres";
const PASSWORD: &str = "org.ssot-harness.postgres.password";
const FOLDER: &str = "org.ssot-harness.postgres.folder";

/// How long an engine may take to say that it is there.
const ENGINE: Duration = Duration::from_secs(5);

/// How long a server may take to be there, once its container runs.
const PATIENCE: Duration = Duration::from_secs(60);

const PORT: u16 = 5432;

/// An image that is told to end by itself.
struct Leased {
    image: postgres::Postgres,
}

impl Image for Leased {
    fn name(&self) -> &str {
        self.image.name()
    }

    fn tag(&self) -> &str {
        self.image.tag()
    }

    /// None: images print what they like, and a server is there where it answers.
    fn ready_conditions(&self) -> Vec<WaitFor> {
        Vec::new()
    }

    fn env_vars(&self) -> impl IntoIterator<Item = (impl Into<Cow<'_, str>>, impl Into<Cow<'_, str>>)> {
        self.image.env_vars()
    }

    fn entrypoint(&self) -> Option<&str> {
        Some("sh")
    }

    fn cmd(&self) -> impl IntoIterator<Item = impl Into<Cow<'_, str>>> {
        ["-c", SCRIPT]
    }

    fn expose_ports(&self) -> &[ContainerPort] {
        &[ContainerPort::Tcp(PORT)]
    }
}

/// The image of the server, or why there is none.
pub(crate) fn image() -> Result<String, String> {
    match settings::text("SSOT_POSTGRES_IMAGE") {
        Err(unreadable) => Err(unreadable.to_string()),
        Ok(Some(off)) if off == "off" => Err("SSOT_POSTGRES_IMAGE is off".to_owned()),
        Ok(image) => Ok(image.unwrap_or_else(|| IMAGE.to_owned())),
    }
}

/// Finds the server of this image that this machine's processes share, or starts it. Where nobody connects to it within a minute, it ends.
pub(crate) async fn server(image: &str) -> Result<Config, String> {
    let docker = docker_client_instance()
        .await
        .map_err(|error| no_engine(&error.to_string()))?;
    match timeout(ENGINE, docker.ping()).await {
        Ok(Ok(_)) => {}
        Ok(Err(error)) => return Err(no_engine(&error.to_string())),
        Err(_) => return Err(no_engine("it does not answer")),
    }
    let folder = env::temp_dir();
    let key = Digest::new().bytes(image.as_bytes()).bytes(SCRIPT.as_bytes());
    let key = key.bytes(folder.as_os_str().as_encoded_bytes()).finish();
    let key = format!("{key:016x}");
    let place = folder.join(format!("ssot-postgres-containers-{key}"));
    let lock = {
        let place = place.clone();
        task::spawn_blocking(move || LockedFolder::acquire(&place)).await
    };
    let _lock = lock
        .map_err(|error| error.to_string())?
        .map_err(|error| format!("{} cannot be locked: {error}", place.display()))?;
    let filters = HashMap::from([
        ("label".to_owned(), vec![format!("{KEY}={key}")]),
        ("status".to_owned(), vec!["running".to_owned()]),
    ]);
    let options = ListContainersOptionsBuilder::new().filters(&filters).build();
    let running = docker
        .list_containers(Some(options))
        .await
        .map_err(|error| error.to_string())?;
    for container in running {
        let ports = container.ports.iter().flatten();
        let port = ports
            .filter(|port| port.private_port == PORT)
            .find_map(|port| port.public_port);
        let password = container.labels.as_ref().and_then(|labels| labels.get(PASSWORD));
        let (Some(port), Some(password)) = (port, password) else {
            continue;
        };
        let host = fs::read_to_string(place.join("host")).unwrap_or_default();
        let host = if host.is_empty() { "127.0.0.1" } else { host.trim() };
        let config = config(host, port, password);
        if answers(&config, ENGINE).await.is_ok() {
            return Ok(config);
        }
    }
    let password = secret();
    let (name, tag) = match image.rsplit_once(':') {
        Some((name, tag)) if !tag.contains('/') => (name, tag),
        _ => (image, "latest"),
    };
    let leased = Leased {
        image: postgres::Postgres::default()
            .with_user("ssot")
            .with_db_name("postgres")
            .with_password(&password),
    };
    let container = leased
        .with_name(name)
        .with_tag(tag)
        .with_label(KEY, &key)
        .with_label(PASSWORD, &password)
        .with_label(FOLDER, folder.to_string_lossy())
        .with_startup_timeout(PATIENCE)
        .with_host_config_modifier(|host| host.auto_remove = Some(true))
        .start()
        .await
        .map_err(|error| format!("no container of {image} starts: {error}"))?;
    let host = container
        .get_host()
        .await
        .map_err(|error| error.to_string())?
        .to_string();
    // A look-up may find an address of another family, which is not forwarded everywhere.
    let host = if host == "localhost" {
        "127.0.0.1".to_owned()
    } else {
        host
    };
    let port = container
        .get_host_port_ipv4(PORT)
        .await
        .map_err(|error| error.to_string())?;
    fs::write(place.join("host"), &host).map_err(|error| error.to_string())?;
    let config = config(&host, port, &password);
    match answers(&config, PATIENCE).await {
        Ok(()) => {
            // It would be removed where this is dropped. It ends by itself.
            std::mem::forget(container);
            Ok(config)
        }
        Err(error) => Err(format!("the container of {image} does not answer: {error}")),
    }
}

fn no_engine(why: &str) -> String {
    format!("no container engine answers: {why}")
}

fn config(host: &str, port: u16, password: &str) -> Config {
    let mut config = Config::new();
    config
        .host(host)
        .port(port)
        .user("ssot")
        .password(password)
        .dbname("postgres");
    config
}

async fn answers(config: &Config, patience: Duration) -> Result<(), tokio_postgres::Error> {
    let begun = Instant::now();
    loop {
        match config.connect(NoTls).await {
            Ok((client, connection)) => {
                drop(client);
                // Until it is closed.
                return connection.await;
            }
            Err(error) if begun.elapsed() > patience => return Err(error),
            Err(_) => tokio::time::sleep(Duration::from_millis(50)).await,
        }
    }
}
