use std::env;

use serde::de::DeserializeOwned;
use thiserror::Error;

use crate::composed::composed;

/// Why a configuration cannot be read from the environment.
#[derive(Debug, Error)]
#[error("{}", composed(UNREADABLE))]
pub struct ConfigError {
    source: envy::Error,
}

const UNREADABLE: &str = "the configuration cannot be read from the environment: set the variable to what the field can be \
     read from, with case.env().set(…), or give the field a #[serde(default)]";

/// Reads each field from the variable of its name in upper case, after `prefix`.
pub(in crate::case) fn read<C: DeserializeOwned>(prefix: &str) -> Result<C, ConfigError> {
    // A variable that is not UTF-8 is no setting, and `env::vars` would panic at it.
    let variables = env::vars_os()
        .filter_map(|(name, value)| Some((name.into_string().ok()?, value.into_string().ok()?)));
    envy::prefixed(prefix)
        .from_iter(variables)
        .map_err(|source| ConfigError { source })
}
