use std::time::Duration;

use proc_macro2::TokenStream;
use syn::{Error, Expr, Lit, LitInt, Meta, Path, Result, parse_quote};

use crate::duration::{Length, length};
use crate::errors::Errors;
use crate::fail_first::{FailFirst, fail_first};
use crate::settings::{Settings, literal, text, value};

const KNOWN: [&str; 6] = [
    "timeout",
    "flavor",
    "worker_threads",
    "start_paused",
    "crate",
    "fail_first",
];

/// What stands between the parentheses of the attribute.
pub(crate) struct Options {
    pub(crate) timeout: Timeout,
    pub(crate) flavor: Flavor,
    pub(crate) start_paused: bool,
    /// The path of `ssot_harness`.
    pub(crate) harness: Path,
    pub(crate) fail_first: Option<FailFirst>,
}

pub(crate) enum Timeout {
    Unset,
    After(Duration),
    Off,
}

#[derive(Clone)]
pub(crate) enum Flavor {
    CurrentThread,
    MultiThread(Option<LitInt>),
}

impl Options {
    /// The options; those that are wrong are as if they were not given, and are told in `errors`.
    pub(crate) fn parse(tokens: TokenStream, errors: &mut Errors) -> Self {
        let settings = Settings::parse(tokens, "`#[ssot_harness::test]`", &KNOWN, errors);
        let timeout = settings
            .get("timeout")
            .and_then(|meta| errors.keep(timeout(meta)));
        let runtime = errors.keep(runtime(&settings));
        let harness = settings.get("crate").and_then(|meta| errors.keep(harness(meta)));
        let (flavor, start_paused) = runtime.unwrap_or((Flavor::CurrentThread, false));
        Self {
            timeout: timeout.unwrap_or(Timeout::Unset),
            flavor,
            start_paused,
            harness: harness.unwrap_or_else(|| parse_quote!(::ssot_harness)),
            fail_first: settings
                .get("fail_first")
                .and_then(|meta| fail_first(meta, errors)),
        }
    }
}

fn timeout(meta: &Meta) -> Result<Timeout> {
    let text = text(meta, "timeout = \"10s\"")?;
    match length(&text.value()) {
        Some(Length::Off) => Ok(Timeout::Off),
        Some(Length::After(time)) => Ok(Timeout::After(time)),
        Some(Length::Zero) => Err(Error::new_spanned(
            text,
            "no test is done in no time: give it some, or turn the timeout off with `timeout = \"off\"`",
        )),
        None => Err(Error::new_spanned(
            text,
            "this is no length of time: write \"500ms\", \"10s\", \"2m\", \"1h\", \"1m30s\", or \"off\"",
        )),
    }
}

/// The flavor, and whether the clock stands still at the start.
fn runtime(settings: &Settings) -> Result<(Flavor, bool)> {
    let mut flavor = settings
        .get("flavor")
        .map_or(Ok(Flavor::CurrentThread), flavor_named)?;
    if let Some(meta) = settings.get("worker_threads") {
        let threads = worker_threads(meta)?;
        match &mut flavor {
            Flavor::MultiThread(workers) => *workers = Some(threads),
            Flavor::CurrentThread => {
                return Err(Error::new_spanned(
                    meta,
                    "a runtime of one thread has no workers: add `flavor = \"multi_thread\"`",
                ));
            }
        }
    }
    let Some(meta) = settings.get("start_paused") else {
        return Ok((flavor, false));
    };
    let paused = start_paused(meta)?;
    if paused && matches!(flavor, Flavor::MultiThread(_)) {
        return Err(Error::new_spanned(
            meta,
            "tokio pauses the clock of a `current_thread` runtime only: leave out `start_paused` or the flavor",
        ));
    }
    Ok((flavor, paused))
}

fn flavor_named(meta: &Meta) -> Result<Flavor> {
    let name = text(meta, "flavor = \"multi_thread\"")?;
    match name.value().as_str() {
        "current_thread" => Ok(Flavor::CurrentThread),
        "multi_thread" => Ok(Flavor::MultiThread(None)),
        _ => Err(Error::new_spanned(
            name,
            "there is no such flavor: there are `current_thread` (the default) and `multi_thread`",
        )),
    }
}

fn worker_threads(meta: &Meta) -> Result<LitInt> {
    let example = "worker_threads = 2";
    match literal(meta, example)? {
        Lit::Int(threads) if threads.base10_parse::<usize>().is_ok_and(|threads| threads > 0) => {
            Ok(threads.clone())
        }
        other => Err(Error::new_spanned(
            other,
            format!("this is no number of threads from one up: write `{example}`"),
        )),
    }
}

fn start_paused(meta: &Meta) -> Result<bool> {
    let example = "start_paused = true";
    match literal(meta, example)? {
        Lit::Bool(paused) => Ok(paused.value),
        other => Err(Error::new_spanned(
            other,
            format!("this is neither true nor false: write `{example}`"),
        )),
    }
}

fn harness(meta: &Meta) -> Result<Path> {
    let example = "crate = my_tests::ssot_harness";
    match value(meta, example)? {
        Expr::Path(path) if path.qself.is_none() => Ok(path.path.clone()),
        other => Err(Error::new_spanned(
            other,
            format!("this is no path, which goes without quotation marks: write `{example}`"),
        )),
    }
}
