use std::error::Error;
use std::fmt::{self, Debug, Write as _};
use std::sync::Arc;

use serde::{Serialize, Serializer};
use tracing::field::{Field, Visit};

/// Fields by name, their values as text, in the order in which they are declared.
#[derive(Clone, Default)]
pub(super) struct Fields(Arc<Vec<(&'static str, String)>>);

impl Fields {
    pub(super) fn get(&self, name: &str) -> Option<&str> {
        self.iter()
            .find(|(field, _)| *field == name)
            .map(|(_, value)| value)
    }

    pub(super) fn iter(&self) -> impl Iterator<Item = (&str, &str)> {
        self.0.iter().map(|(name, value)| (*name, value.as_str()))
    }

    pub(super) fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// Takes a field out: an event's message is one to `tracing`.
    pub(super) fn take(&mut self, name: &str) -> Option<String> {
        let place = self.0.iter().position(|(field, _)| *field == name)?;
        Some(Arc::make_mut(&mut self.0).remove(place).1)
    }

    /// Sets a field; a later value takes the place of an earlier one.
    fn set(&mut self, name: &'static str, value: String) {
        let fields = Arc::make_mut(&mut self.0);
        match fields.iter_mut().find(|(field, _)| *field == name) {
            Some((_, earlier)) => *earlier = value,
            None => fields.push((name, value)),
        }
    }
}

impl Visit for Fields {
    fn record_debug(&mut self, field: &Field, value: &dyn Debug) {
        self.set(field.name(), format!("{value:?}"));
    }

    fn record_str(&mut self, field: &Field, value: &str) {
        self.set(field.name(), value.to_owned());
    }

    fn record_error(&mut self, field: &Field, value: &(dyn Error + 'static)) {
        let mut text = value.to_string();
        let mut source = value.source();
        while let Some(cause) = source {
            write!(text, ": {cause}").expect("a string takes any text");
            source = cause.source();
        }
        self.set(field.name(), text);
    }
}

impl Serialize for Fields {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_map(self.iter())
    }
}

impl fmt::Display for Fields {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (place, (name, value)) in self.iter().enumerate() {
            let space = if place == 0 { "" } else { " " };
            write!(f, "{space}{name}={value}")?;
        }
        Ok(())
    }
}

impl Debug for Fields {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_map().entries(self.iter()).finish()
    }
}
