//! A server that the environment names.

use std::fmt;

use tokio_postgres::Config;
use tokio_postgres::config::{Host, SslMode};

use crate::services::postgres::error::{PostgresError, PostgresErrorKind};
use crate::settings;

/// The variables that may name a server, the first that does first.
const VARIABLES: [&str; 2] = ["SSOT_POSTGRES_URL", "DATABASE_URL"];

/// A server by its variable.
pub(crate) struct Named {
    pub(crate) variable: &'static str,
    pub(crate) config: Config,
}

/// The server that the environment names; `None` where it names none, or a `DATABASE_URL` is of another database.
pub(crate) fn named() -> Result<Option<Named>, PostgresError> {
    for variable in VARIABLES {
        let text = settings::text(variable).map_err(|unreadable| setting(variable, unreadable))?;
        let Some(text) = text else { continue };
        let is_other = |scheme: &str| !matches!(scheme, "postgres" | "postgresql");
        if variable == "DATABASE_URL"
            && text
                .split_once(':')
                .is_some_and(|(scheme, _)| is_other(scheme) && !text.contains('='))
        {
            continue;
        }
        return Ok(Some(Named {
            variable,
            config: parse(variable, &text)?,
        }));
    }
    Ok(None)
}

fn parse(variable: &'static str, text: &str) -> Result<Config, PostgresError> {
    // The text holds a password, and is not shown.
    let config: Config = text.parse().map_err(|error: tokio_postgres::Error| {
        let what = crate::services::postgres::error::said(&error);
        let remedy = "connections are made without TLS, so that sslmode is one of disable and prefer";
        setting(variable, format!("it cannot be read: {what}; {remedy}")).because(error)
    })?;
    if config.get_ssl_mode() == SslMode::Require {
        let what = "it has sslmode=require, and connections are made without TLS; name a server on this machine or in its network";
        return Err(setting(variable, what));
    }
    if config.get_hosts().is_empty() && config.get_hostaddrs().is_empty() {
        return Err(setting(variable, "it names no host"));
    }
    Ok(config)
}

fn setting(variable: &str, what: impl fmt::Display) -> PostgresError {
    PostgresError::new(PostgresErrorKind::Setting, format!("{variable}: {what}"))
}

/// What a server is called in messages, without its password.
pub(crate) fn place(config: &Config) -> String {
    let hosts = config.get_hosts().iter().map(|host| match host {
        Host::Tcp(host) => host.clone(),
        #[cfg(unix)]
        Host::Unix(path) => path.display().to_string(),
    });
    let addresses = config.get_hostaddrs().iter().map(ToString::to_string);
    let mut places: Vec<_> = hosts.collect();
    if places.is_empty() {
        places.extend(addresses);
    }
    let port = config.get_ports().first().copied().unwrap_or(5432);
    format!("{}:{port}", places.join(","))
}
