use std::sync::Arc;
use std::time::Duration;

use serde::ser::SerializeStruct;
use serde::{Serialize, Serializer};
use serde_json::Value;

use super::Surface;
use super::by_nature::without_ports_and_dates;
use crate::digest::Digest;

/// One thing that a user saw on a surface.
#[derive(Clone, Debug)]
pub struct Observation {
    viewer: usize,
    surface: Surface,
    text: Arc<str>,
    step: u32,
    /// Since the first observation.
    at: Option<Duration>,
    digest: u64,
    /// The text without what is another one in every execution by its nature, where there is some.
    repeatable: Option<Arc<str>>,
    /// What was issued to the user with it.
    #[cfg(feature = "http")]
    issued: Arc<[Issued]>,
}

/// A value that is another one in every execution by its nature, and that a user is given: the value of a cookie, the id of a request.
#[cfg(feature = "http")]
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Issued {
    /// What it is called: the name of the cookie.
    pub(crate) name: Arc<str>,
    pub(crate) text: Arc<str>,
    /// Whether it lets its holder act as the user.
    pub(crate) is_credential: bool,
}

impl Observation {
    pub(crate) fn new(viewer: usize, surface: Surface, text: impl Into<Arc<str>>, step: u32) -> Self {
        let text = text.into();
        let digest = Digest::new().bytes(text.as_bytes()).finish();
        Self {
            viewer,
            surface,
            text,
            step,
            at: None,
            digest,
            repeatable: None,
            #[cfg(feature = "http")]
            issued: Arc::default(),
        }
    }

    /// The same with what was issued with it. `repeatable` is its text with names in place of all that was issued to anybody.
    #[cfg(feature = "http")]
    pub(super) fn issuing(mut self, issued: Arc<[Issued]>, repeatable: &str) -> Self {
        self.repeatable = (*repeatable != *self.text).then(|| repeatable.into());
        self.issued = issued;
        self
    }

    #[cfg(feature = "http")]
    pub(crate) fn issued(&self) -> &[Issued] {
        &self.issued
    }

    /// The same in an execution over real sockets.
    pub(super) fn over_sockets(mut self) -> Self {
        if let Some(repeatable) = without_ports_and_dates(self.repeatable_text()) {
            self.repeatable = Some(repeatable.into());
        }
        self
    }

    pub(crate) fn seen_at(mut self, at: Option<Duration>) -> Self {
        self.at = at;
        self
    }

    /// The index of the user who saw it, from 0.
    #[must_use]
    pub fn viewer(&self) -> usize {
        self.viewer
    }

    /// Where it was seen.
    #[must_use]
    pub fn surface(&self) -> Surface {
        self.surface
    }

    /// What was seen, as compact JSON.
    #[must_use]
    pub fn text(&self) -> &str {
        &self.text
    }

    /// What was seen, parsed.
    ///
    /// JSON that `serde_json` writes but does not read back as a value (a number too large for a double) is given as
    /// a string that holds the JSON.
    #[must_use]
    pub fn value(&self) -> Value {
        serde_json::from_str(&self.text).unwrap_or_else(|_| Value::String(self.text.to_string()))
    }

    /// The number of the driver's step in which it was seen, from 1; 0 before the first.
    #[must_use]
    pub fn step(&self) -> u32 {
        self.step
    }

    /// When it was seen, on the clock of the execution or the test, since the first observation of all users; `None` where that is not known.
    #[must_use]
    pub fn at(&self) -> Option<Duration> {
        self.at
    }

    /// The text, as two executions under one schedule are compared.
    pub(crate) fn repeatable_text(&self) -> &str {
        self.repeatable.as_ref().unwrap_or(&self.text)
    }

    /// The same, parsed.
    pub(crate) fn repeatable_value(&self) -> Value {
        match &self.repeatable {
            Some(text) => serde_json::from_str(text).unwrap_or_else(|_| self.value()),
            None => self.value(),
        }
    }

    /// A hash of [`repeatable_text`](Self::repeatable_text).
    pub(super) fn fingerprint(&self) -> u64 {
        match &self.repeatable {
            Some(text) => Digest::new().bytes(text.as_bytes()).finish(),
            None => self.digest,
        }
    }

    /// A hash of the text.
    pub(crate) fn digest(&self) -> u64 {
        self.digest
    }
}

/// The index of the user, the surface, the step and the value.
impl Serialize for Observation {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let mut fields = serializer.serialize_struct("Observation", 4)?;
        fields.serialize_field("user", &self.viewer)?;
        fields.serialize_field("surface", &self.surface)?;
        fields.serialize_field("step", &self.step)?;
        fields.serialize_field("value", &self.value())?;
        fields.end()
    }
}
