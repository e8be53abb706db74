use tokio_postgres::Config;

use super::{container, url};
use crate::services::postgres::error::{PostgresError, PostgresErrorKind};
use crate::settings;

/// A server that answers, as its administrator.
pub(crate) struct Found {
    pub(crate) config: Config,
    /// How messages call it.
    pub(crate) name: String,
    pub(crate) origin: Origin,
}

/// Where a server comes from.
#[derive(Debug)]
pub(crate) enum Origin {
    /// Somebody else runs it.
    Named,
    /// It ends when the last connection does.
    Container,
    /// It ends when the last lease does.
    #[cfg(unix)]
    Local(#[expect(dead_code, reason = "held, not read")] Box<super::local::LocalServer>),
}

/// Why there is no server.
pub(crate) enum Unavailable {
    /// None was found, and none is required: tests are skipped.
    Skipped(String),
    Failed(PostgresError),
}

impl From<PostgresError> for Unavailable {
    fn from(error: PostgresError) -> Self {
        Self::Failed(error)
    }
}

/// The server that the environment names, else a container, else one of the machine's own binaries.
pub(crate) async fn find() -> Result<Found, Unavailable> {
    if let Some(named) = url::named()? {
        return Ok(Found {
            name: format!("{} ({})", named.variable, url::place(&named.config)),
            config: named.config,
            origin: Origin::Named,
        });
    }
    let in_container = match container::image() {
        Ok(image) => match container::server(&image).await {
            Ok(config) => {
                return Ok(Found {
                    name: format!("the container of {image}"),
                    config,
                    origin: Origin::Container,
                });
            }
            Err(why) => why,
        },
        Err(why) => why,
    };
    if is_required("docker") {
        return Err(missing("docker", &in_container).into());
    }
    let locally = match local().await {
        Ok(found) => return Ok(found),
        Err(why) => why,
    };
    let why = format!("SSOT_POSTGRES_URL and DATABASE_URL are not set; {in_container}; {locally}");
    if is_required("postgres") {
        return Err(missing("postgres", &why).into());
    }
    Err(Unavailable::Skipped(why))
}

#[cfg(unix)]
async fn local() -> Result<Found, String> {
    let binaries = super::local::binaries()?;
    let name = format!("the server of {}", binaries.display());
    let of = name.clone();
    let leased = tokio::task::spawn_blocking(move || super::local::lease(&binaries)).await;
    let server = leased
        .map_err(|error| error.to_string())?
        .map_err(|error| format!("{of} cannot be used: {error}"))?;
    Ok(Found {
        config: server.config.clone(),
        name,
        origin: Origin::Local(Box::new(server)),
    })
}

#[cfg(not(unix))]
async fn local() -> Result<Found, String> {
    Err("local binaries are not run on this system".to_owned())
}

fn missing(required: &str, why: &str) -> PostgresError {
    let what = format!("SSOT_REQUIRE names {required}, and there is no server: {why}");
    PostgresError::new(PostgresErrorKind::Missing, what)
}

/// Whether `SSOT_REQUIRE` names something.
fn is_required(what: &str) -> bool {
    let required = settings::text("SSOT_REQUIRE").ok().flatten().unwrap_or_default();
    required.split(',').any(|required| required.trim() == what)
}
