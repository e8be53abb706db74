use cookie_store::CookieStore;
use hyper::HeaderMap;
use hyper::header::{HeaderValue, SET_COOKIE};
use url::Url;

/// The cookies of one client.
#[derive(Debug, Default)]
pub(super) struct Cookies(CookieStore);

impl Cookies {
    /// Keeps those that a reply from `url` sets. As in a browser, one that it may not set is dropped.
    pub(super) fn keep(&mut self, url: &Url, headers: &HeaderMap) {
        for value in headers.get_all(SET_COOKIE) {
            let text = String::from_utf8_lossy(value.as_bytes());
            if let Err(error) = self.0.parse(&text, url) {
                tracing::trace!(target: "ssot_harness", "a cookie is not kept: {error}");
            }
        }
    }

    /// What a request to `url` says of them.
    pub(super) fn header(&self, url: &Url) -> Option<HeaderValue> {
        let pairs: Vec<String> = self
            .0
            .get_request_values(url)
            .map(|(name, value)| format!("{name}={value}"))
            .collect();
        if pairs.is_empty() {
            return None;
        }
        HeaderValue::from_str(&pairs.join("; ")).ok()
    }

    /// The value of the cookie of that name which a request to `url` would carry.
    pub(super) fn value(&self, url: &Url, name: &str) -> Option<String> {
        let mut pairs = self.0.get_request_values(url);
        pairs.find_map(|(known, value)| (known == name).then(|| value.to_owned()))
    }

    pub(super) fn clear(&mut self) {
        self.0.clear();
    }
}
