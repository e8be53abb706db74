//! What is set in the environment: `SSOT_…`.

use std::env;
use std::time::Duration;

use thiserror::Error;

/// A variable that holds what cannot be understood.
#[derive(Debug, Error)]
#[error("{what}; {remedy}")]
pub(crate) struct Unreadable {
    pub(crate) what: String,
    pub(crate) remedy: String,
}

/// The variable's text; `None` where it is not set, or empty.
pub(crate) fn text(name: &str) -> Result<Option<String>, Unreadable> {
    match env::var(name) {
        Ok(text) if text.is_empty() => Ok(None),
        Ok(text) => Ok(Some(text)),
        Err(env::VarError::NotPresent) => Ok(None),
        Err(env::VarError::NotUnicode(_)) => Err(Unreadable {
            what: format!("{name} is not valid UTF-8"),
            remedy: format!("set or unset {name}"),
        }),
    }
}

/// The variable as a whole number: decimal, `_` between digits allowed, or `0x…`.
pub(crate) fn number(name: &str) -> Result<Option<u64>, Unreadable> {
    let Some(text) = text(name)? else {
        return Ok(None);
    };
    let parsed = match text.strip_prefix("0x") {
        Some(hex) => u64::from_str_radix(hex, 16),
        None => text.replace('_', "").parse(),
    };
    parsed.map(Some).map_err(|error| Unreadable {
        what: format!("{name} is `{text}`, which is no number: {error}"),
        remedy: format!("set {name} to a whole number from 0 to {}", u64::MAX),
    })
}

/// How long something may take.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Limit {
    After(Duration),
    Off,
}

/// The variable as a length of time (`10s`, `1m 30s`) or `off`.
pub(crate) fn limit(name: &str) -> Result<Option<Limit>, Unreadable> {
    text(name)?.map(|text| parse_limit(name, &text)).transpose()
}

/// The same for what cannot be done in no time. It takes what the attribute's `timeout = ".."` takes, and nothing else.
pub(crate) fn timeout(name: &str) -> Result<Option<Limit>, Unreadable> {
    text(name)?.map(|text| parse_timeout(name, &text)).transpose()
}

fn parse_limit(name: &str, text: &str) -> Result<Limit, Unreadable> {
    if text == "off" {
        return Ok(Limit::Off);
    }
    humantime::parse_duration(text)
        .map(Limit::After)
        .map_err(|error| no_limit(name, text, &error.to_string()))
}

fn parse_timeout(name: &str, text: &str) -> Result<Limit, Unreadable> {
    match parse_limit(name, text)? {
        Limit::After(Duration::ZERO) => Err(no_limit(name, text, "no test is done in no time")),
        limit => Ok(limit),
    }
}

fn no_limit(name: &str, text: &str, why: &str) -> Unreadable {
    Unreadable {
        what: format!("{name} is `{text}`, which is no length of time: {why}"),
        remedy: format!("set {name} to one like 500ms, 10s or 1m30s, or to off"),
    }
}

/// Whether the variable is set to anything but nothing and `0`.
pub(crate) fn is_on(name: &str) -> bool {
    env::var_os(name).is_some_and(|value| value != "0" && !value.is_empty())
}

/// Whether this is a run that leaves the work tree as it is: under `CI`, and while `cargo ssot` looks what tests come to.
pub(crate) fn is_to_leave_no_trace() -> bool {
    is_ci() || env::var_os("SSOT_RECORD").is_some_and(|folder| !folder.is_empty())
}

/// Whether `CI` is set.
pub(crate) fn is_ci() -> bool {
    env::var_os("CI").is_some_and(|value| !value.is_empty())
}

/// Whether nextest runs this process, for one test.
pub(crate) fn is_nextest() -> bool {
    env::var_os("NEXTEST").is_some()
}

/// Whether no two tests run at once in this process, as far as can be told.
pub(crate) fn is_one_test_at_a_time() -> bool {
    let is_one = |threads: &str| threads.trim() == "1";
    let arguments: Vec<_> = env::args_os()
        .filter_map(|argument| argument.into_string().ok())
        .collect();
    let told = arguments.iter().enumerate().find_map(|(index, argument)| {
        match argument.strip_prefix("--test-threads") {
            Some("") => arguments.get(index + 1).map(|threads| is_one(threads)),
            Some(rest) => rest.strip_prefix('=').map(is_one),
            None => None,
        }
    });
    // Libtest asks in this order, too.
    is_nextest()
        || told.unwrap_or_else(|| match env::var("RUST_TEST_THREADS") {
            Ok(threads) => is_one(&threads),
            Err(_) => std::thread::available_parallelism().is_ok_and(|cores| cores.get() == 1),
        })
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use super::{Limit, parse_timeout};

    #[test]
    fn timeouts_are_those_of_the_attribute() {
        for (text, expected) in include!("../crates/macros/src/duration_table.in") {
            let expected = match expected {
                Some(Some(time)) => Some(Limit::After(Duration::from_nanos(time))),
                Some(None) => Some(Limit::Off),
                None => None,
            };
            assert_eq!(parse_timeout("SSOT_TIMEOUT", text).ok(), expected, "{text:?}");
        }
        let zero = parse_timeout("SSOT_TIMEOUT", "0s").unwrap_err();
        assert_eq!(
            zero.to_string(),
            "SSOT_TIMEOUT is `0s`, which is no length of time: no test is done in no time; set SSOT_TIMEOUT to one like 500ms, \
             10s or 1m30s, or to off"
        );
    }
}
