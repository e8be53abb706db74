//! What `?` makes of an error of any type, in tests and in scripts: its text, and those of its sources.

use std::any::{Any, TypeId, type_name};
use std::error::Error;
use std::fmt::{self, Debug, Display};
use std::io;
use std::marker::PhantomData;
use std::sync::Arc;

use crate::panics::attempt;

/// An error of any type as text, with its sources.
///
/// The error itself is dropped when this is made of it: a value that panics when it is printed or dropped does so here, where that
/// is caught.
pub struct Cause {
    text: String,
    source: Option<Box<Cause>>,
    /// What `Debug` says beyond that, where the sources cannot be asked for.
    detail: Option<String>,
    origin: Option<TypeId>,
}

/// Gives an error of a certain type as one that can be asked for its source.
type Known = fn(&dyn Any) -> Option<&(dyn Error + 'static)>;

impl Cause {
    pub(crate) fn of<E: Display + Debug + 'static>(error: E) -> Self {
        let read = attempt(|| read(&error));
        let dropped = attempt(|| drop(error));
        let mut cause = read.unwrap_or_else(|panic| {
            Self::of_text(format!(
                "an error of type {}, which panicked when it was printed: {panic}",
                type_name::<E>()
            ))
        });
        if let Err(panic) = dropped {
            cause.text = format!("{} (it panicked when it was dropped: {panic})", cause.text);
        }
        cause.origin = Some(TypeId::of::<E>());
        cause
    }

    pub(crate) fn of_text(text: String) -> Self {
        Self {
            text,
            source: None,
            detail: None,
            origin: None,
        }
    }

    /// An error of the harness, which was given as an `E`.
    pub(crate) fn of_own<E: 'static>(error: &(dyn Error + 'static)) -> Self {
        Self {
            origin: Some(TypeId::of::<E>()),
            ..Self::of_chain(error)
        }
    }

    fn of_chain(error: &(dyn Error + 'static)) -> Self {
        Self {
            text: error.to_string(),
            source: error.source().map(|source| Box::new(Self::of_chain(source))),
            detail: None,
            origin: None,
        }
    }

    /// Whether the error was of this type.
    #[must_use]
    pub fn is<T: 'static>(&self) -> bool {
        self.origin == Some(TypeId::of::<T>())
    }

    /// The error and its sources, as one line.
    pub(crate) fn chain(&self) -> String {
        let mut text = self.text.clone();
        let mut source = &self.source;
        while let Some(cause) = source {
            text.push_str(": ");
            text.push_str(&cause.text);
            source = &cause.source;
        }
        text
    }

    /// What `Debug` says of it, where that may be more than is in the [`chain`](Self::chain).
    pub(crate) fn detail(&self) -> Option<&str> {
        self.detail.as_deref()
    }
}

impl Display for Cause {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.text)
    }
}

impl Debug for Cause {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.chain())
    }
}

impl Error for Cause {
    fn source(&self) -> Option<&(dyn Error + 'static)> {
        self.source.as_deref().map(|source| source as _)
    }
}

/// The types whose sources can be asked for: without specialisation, nothing tells whether a type is an `Error`.
const KNOWN: [Known; 6] = [
    |any| {
        any.downcast_ref::<Box<dyn Error + Send + Sync>>()
            .map(|error| &**error as _)
    },
    |any| {
        any.downcast_ref::<Box<dyn Error + Send>>()
            .map(|error| &**error as _)
    },
    |any| any.downcast_ref::<Box<dyn Error>>().map(|error| &**error),
    |any| {
        any.downcast_ref::<Arc<dyn Error + Send + Sync>>()
            .map(|error| &**error as _)
    },
    |any| any.downcast_ref::<io::Error>().map(|error| error as _),
    |any| any.downcast_ref::<Cause>().map(|error| error as _),
];

fn read<E: Display + Debug + 'static>(error: &E) -> Cause {
    let any: &dyn Any = error;
    if let Some(error) = KNOWN.iter().find_map(|known| known(any)) {
        return Cause::of_chain(error);
    }
    let plain = error.to_string();
    // `anyhow::Error` and its like print their sources there, on one line.
    let alternate = format!("{error:#}");
    if alternate != plain
        && alternate.starts_with(&plain)
        && alternate.lines().count() <= plain.lines().count()
    {
        return Cause::of_text(alternate);
    }
    let debug = format!("{error:?}");
    let tells_of_a_source = ["source", "cause", "("].iter().any(|mark| debug.contains(mark));
    let quotes_the_text = debug.contains(&plain) || debug == format!("{plain:?}");
    Cause {
        detail: (tells_of_a_source && !quotes_the_text).then_some(debug),
        ..Cause::of_text(plain)
    }
}

/// Takes `Unpin` from a type that has a `where for<'a> Nobody<'a>: Nothing` on its implementation.
///
/// An error type of ours converts from whatever is `Display`, and is `Display` itself. So as not to overlap with the conversion of
/// a type to itself, what it converts from is `Unpin`, and it is not.
#[derive(Debug)]
pub struct Nobody<'a>(PhantomData<&'a ()>);

/// What [`Nobody`] is not.
pub trait Nothing {}
