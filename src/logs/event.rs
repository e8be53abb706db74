use std::fmt;
use std::sync::Arc;
use std::thread;
use std::time::{Duration, Instant};

use serde::ser::SerializeStruct as _;
use serde::{Serialize, Serializer};
use tracing::{Event, Level, Metadata};

use super::fields::Fields;

/// One event that a test logged.
///
/// It prints as one line. As JSON it is an object of `level`, `target`, `message` and, where it has any, `fields` and
/// `spans`; neither time nor thread is in it, so that the same event is the same JSON in every run.
#[derive(Clone)]
pub struct LogEvent {
    emitted: Arc<Emitted>,
    elapsed: Duration,
}

/// What is the same of an event for everybody who keeps it.
#[derive(Debug)]
pub(super) struct Emitted {
    metadata: &'static Metadata<'static>,
    message: String,
    fields: Fields,
    spans: Vec<LogSpan>,
    thread: Option<String>,
    at: Instant,
}

impl Emitted {
    pub(super) fn new(event: &Event<'_>, spans: Vec<LogSpan>) -> Self {
        let mut fields = Fields::default();
        event.record(&mut fields);
        Self {
            metadata: event.metadata(),
            message: fields.take("message").unwrap_or_default(),
            fields,
            spans,
            thread: thread::current().name().map(str::to_owned),
            at: Instant::now(),
        }
    }

    /// Whether one of its fields, or of its spans', has this value: as it is, or in the quotes of a `Debug` form.
    pub(super) fn has_value(&self, text: &str) -> bool {
        let is_it = |(_, value): (&str, &str)| {
            let unquoted = value.strip_prefix('"').and_then(|value| value.strip_suffix('"'));
            unquoted.unwrap_or(value) == text
        };
        self.fields.iter().any(is_it) || self.spans.iter().flat_map(LogSpan::fields).any(is_it)
    }

    /// What a user sees of it, as JSON: the spans of level TRACE are left out, for which of them there are depends on
    /// the tests that run beside.
    pub(super) fn seen(&self) -> impl Serialize + '_ {
        Written {
            event: self,
            most: Level::DEBUG,
        }
    }
}

impl LogEvent {
    pub(super) fn new(emitted: Arc<Emitted>, begun: Instant) -> Self {
        let elapsed = emitted.at.saturating_duration_since(begun);
        Self { emitted, elapsed }
    }

    /// How severe it is.
    #[must_use]
    pub fn level(&self) -> Level {
        *self.emitted.metadata.level()
    }

    /// The module that logged it, or what it named instead.
    #[must_use]
    pub fn target(&self) -> &str {
        self.emitted.metadata.target()
    }

    /// What it says; empty where it has fields alone.
    #[must_use]
    pub fn message(&self) -> &str {
        &self.emitted.message
    }

    /// The value of a field of its own, as text: a `%value` as it displays, a `?value` as its `Debug` form (a string in
    /// quotes), an error with what caused it.
    #[must_use]
    pub fn field(&self, name: &str) -> Option<&str> {
        self.emitted.fields.get(name)
    }

    /// Its own fields, name and value, without the message.
    pub fn fields(&self) -> impl Iterator<Item = (&str, &str)> {
        self.emitted.fields.iter()
    }

    /// The spans that it was logged in, outermost first, with the fields that they had then.
    #[must_use]
    pub fn spans(&self) -> &[LogSpan] {
        &self.emitted.spans
    }

    /// The name of the thread that logged it.
    #[must_use]
    pub fn thread(&self) -> Option<&str> {
        self.emitted.thread.as_deref()
    }

    /// How long, in real time, the test had been running.
    #[must_use]
    pub fn elapsed(&self) -> Duration {
        self.elapsed
    }
}

/// A span that an event was logged in.
#[derive(Clone, Debug)]
pub struct LogSpan {
    metadata: &'static Metadata<'static>,
    fields: Fields,
}

impl LogSpan {
    pub(super) fn new(metadata: &'static Metadata<'static>, fields: Fields) -> Self {
        Self { metadata, fields }
    }

    /// Its name: the function's, under `#[instrument]`.
    #[must_use]
    pub fn name(&self) -> &str {
        self.metadata.name()
    }

    /// The value of a field as text, where it had been recorded.
    #[must_use]
    pub fn field(&self, name: &str) -> Option<&str> {
        self.fields.get(name)
    }

    /// Its fields, name and value.
    pub fn fields(&self) -> impl Iterator<Item = (&str, &str)> {
        self.fields.iter()
    }
}

/// The JSON form, without the spans that are more verbose.
struct Written<'a> {
    event: &'a Emitted,
    most: Level,
}

impl Serialize for Written<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let Emitted {
            metadata,
            message,
            fields,
            spans,
            ..
        } = self.event;
        let spans: Vec<_> = spans
            .iter()
            .filter(|span| *span.metadata.level() <= self.most)
            .collect();
        let mut json = serializer.serialize_struct("LogEvent", 5)?;
        json.serialize_field("level", metadata.level().as_str())?;
        json.serialize_field("target", metadata.target())?;
        json.serialize_field("message", message)?;
        if !fields.is_empty() {
            json.serialize_field("fields", fields)?;
        }
        if !spans.is_empty() {
            json.serialize_field("spans", &spans)?;
        }
        json.end()
    }
}

impl Serialize for LogEvent {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let written = Written {
            event: &self.emitted,
            most: Level::TRACE,
        };
        written.serialize(serializer)
    }
}

impl Serialize for LogSpan {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let mut json = serializer.serialize_struct("LogSpan", 2)?;
        json.serialize_field("name", self.name())?;
        if !self.fields.is_empty() {
            json.serialize_field("fields", &self.fields)?;
        }
        json.end()
    }
}

impl fmt::Display for LogEvent {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{:5} ", self.level().as_str())?;
        for span in self.spans() {
            write!(f, "{span}: ")?;
        }
        write!(f, "{}:", self.target())?;
        if !self.message().is_empty() {
            write!(f, " {}", self.message())?;
        }
        if !self.emitted.fields.is_empty() {
            write!(f, " {}", self.emitted.fields)?;
        }
        Ok(())
    }
}

impl fmt::Debug for LogEvent {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self, f)
    }
}

impl fmt::Display for LogSpan {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.name())?;
        if self.fields.is_empty() {
            return Ok(());
        }
        write!(f, "{{{}}}", self.fields)
    }
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;
    use std::time::Duration;

    use super::LogEvent;
    use crate::current::{self, CurrentTest};
    use crate::logs::{Capture, listen};

    #[test]
    fn its_time_is_that_of_the_test() {
        let test = CurrentTest::new(module_path!(), "time");
        let capture = Capture::begin(&test);
        let (_test, _logs) = (current::enter(Some(test)), listen());
        tracing::info!("now");
        let logs = capture.logs();
        let emitted = &logs.iter().next().unwrap().emitted;
        let earlier = emitted.at.checked_sub(Duration::from_secs(7)).unwrap();
        assert_eq!(
            LogEvent::new(Arc::clone(emitted), earlier).elapsed(),
            Duration::from_secs(7)
        );
    }
}
