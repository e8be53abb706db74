use std::collections::BTreeMap;
use std::time::Duration;

use hyper::header::{HeaderMap, HeaderName, HeaderValue};
use url::Url;

use super::cookies::Cookies;
use super::error::HttpError;

/// What becomes of a header in an observation.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Treatment {
    /// It is compared as it is.
    Compared,
    /// It is a time.
    Time,
    /// It is an id: which one is not compared, but that it is the same one.
    Id,
    /// It says how the body is framed, and is left out.
    Framing,
}

const TIMES: [&str; 7] = [
    "age",
    "date",
    "expires",
    "last-modified",
    "server-timing",
    "x-response-time",
    "x-runtime",
];
const IDS: [&str; 13] = [
    "cf-ray",
    "etag",
    "request-id",
    "sec-websocket-accept",
    "set-cookie",
    "traceparent",
    "x-amzn-requestid",
    "x-amzn-trace-id",
    "x-b3-spanid",
    "x-b3-traceid",
    "x-correlation-id",
    "x-request-id",
    "x-trace-id",
];
const FRAMING: [&str; 4] = ["connection", "content-length", "keep-alive", "transfer-encoding"];

/// What becomes of each header; of one that is not named it is compared.
#[derive(Clone, Debug)]
pub(super) struct Treatments(BTreeMap<String, Treatment>);

impl Treatments {
    pub(super) fn of(&self, name: &str) -> Treatment {
        self.0.get(name).copied().unwrap_or(Treatment::Compared)
    }

    pub(super) fn set(&mut self, name: &str, treatment: Treatment) {
        self.0.insert(name.to_ascii_lowercase(), treatment);
    }
}

impl Default for Treatments {
    fn default() -> Self {
        let all = [
            (&TIMES[..], Treatment::Time),
            (&IDS, Treatment::Id),
            (&FRAMING, Treatment::Framing),
        ];
        let named = all
            .into_iter()
            .flat_map(|(names, treatment)| names.iter().map(move |name| ((*name).to_owned(), treatment)));
        Self(named.collect())
    }
}

/// What a client is set to, and what it keeps.
#[derive(Debug)]
pub(super) struct Settings {
    pub(super) base: Url,
    pub(super) headers: HeaderMap,
    /// The JSON pointer of a token in replies.
    pub(super) bearer_from: Option<String>,
    pub(super) cookies: Cookies,
    pub(super) treatments: Treatments,
    pub(super) buffer: usize,
    pub(super) timeout: Option<Duration>,
    pub(super) is_http2: bool,
    pub(super) follows_redirects: bool,
    /// What was set wrongly.
    pub(super) mistake: Option<HttpError>,
}

impl Settings {
    /// How many bytes a stream holds in each direction, if nothing else is said.
    const BUFFER: usize = 64 * 1024;

    pub(super) fn new(base: Url) -> Self {
        Self {
            base,
            headers: HeaderMap::new(),
            bearer_from: None,
            cookies: Cookies::default(),
            treatments: Treatments::default(),
            buffer: Self::BUFFER,
            timeout: None,
            is_http2: false,
            follows_redirects: true,
            mistake: None,
        }
    }

    /// Keeps the first mistake, which every request returns.
    pub(super) fn note<T>(&mut self, result: Result<T, HttpError>) -> Option<T> {
        match result {
            Ok(value) => Some(value),
            Err(mistake) => {
                self.mistake.get_or_insert(mistake);
                None
            }
        }
    }
}

/// A header as it was given.
pub(super) fn header(name: &str, value: &str) -> Result<(HeaderName, HeaderValue), HttpError> {
    let name = HeaderName::try_from(name).map_err(|error| {
        HttpError::request(format!(
            "{name:?} is no name of a header: it may hold letters, digits and `-`"
        ))
        .because(error)
    })?;
    let value = HeaderValue::try_from(value).map_err(|error| {
        HttpError::request(format!(
            "the header `{name}` cannot be {value:?}: a value may not hold line breaks and other control characters"
        ))
        .because(error)
    })?;
    Ok((name, value))
}

/// The value of `Authorization` for a bearer token.
pub(super) fn bearer(token: &str) -> Result<HeaderValue, HttpError> {
    let (_, mut value) = header("authorization", &format!("Bearer {token}"))?;
    value.set_sensitive(true);
    Ok(value)
}
