//! The messages of an error itself, without the text that the harness adds.

use std::any::Any;
use std::borrow::Cow;
use std::error::Error;

use super::error::CaseError;
use super::not_proven::NotProven;
use crate::case::resources::{ClockError, ConfigError, NeverHeld};
use crate::isolation::Failure;

/// The texts of an error in which a declared message is looked for. `message` is its `Display` text, where that is known;
/// `debug` is its `Debug` text, used where there is no other.
pub(in crate::case) fn messages(
    error: &(dyn Any + 'static),
    message: Option<String>,
    debug: &str,
) -> Vec<String> {
    if let Some(error) = error.downcast_ref::<CaseError>() {
        return match error.own() {
            Some(own) => chain(own),
            None => chain(error.error()),
        };
    }
    if let Some(error) = error.downcast_ref::<Box<dyn Error + Send + Sync>>() {
        return chain(&**error);
    }
    if let Some(error) = error.downcast_ref::<Box<dyn Error>>() {
        return chain(&**error);
    }
    if is_the_harness(error) {
        return own_words_of(error);
    }
    match message.or_else(|| text(error)) {
        Some(message) => vec![message, debug.to_owned()],
        None => vec![debug.to_owned()],
    }
}

/// The messages of an error and of its sources.
fn chain(error: &(dyn Error + 'static)) -> Vec<String> {
    let mut texts = Vec::new();
    let mut next = Some(error);
    while let Some(error) = next {
        if error.is::<Failure>() || error.is::<NotProven>() || error.is::<ClockError>() {
            return texts;
        }
        if let Some(never) = error.downcast_ref::<NeverHeld>() {
            texts.push(never.reason().to_owned());
            return texts;
        }
        // Its source names the field that could not be read.
        if !error.is::<ConfigError>() {
            texts.push(error.to_string());
        }
        next = error.source();
    }
    texts
}

fn is_the_harness(error: &dyn Any) -> bool {
    error.is::<Failure>()
        || error.is::<NotProven>()
        || error.is::<ClockError>()
        || error.is::<ConfigError>()
        || error.is::<NeverHeld>()
}

fn own_words_of(error: &dyn Any) -> Vec<String> {
    let never = error.downcast_ref::<NeverHeld>();
    never.map(|never| never.reason().to_owned()).into_iter().collect()
}

/// The text that an error is.
fn text(error: &dyn Any) -> Option<String> {
    let text = error
        .downcast_ref::<&'static str>()
        .map(|text| (*text).to_owned());
    text.or_else(|| error.downcast_ref::<String>().cloned())
        .or_else(|| error.downcast_ref::<Box<str>>().map(ToString::to_string))
        .or_else(|| error.downcast_ref::<Cow<'static, str>>().map(ToString::to_string))
}

/// The failure of a check that a body returned: as it is, by `?`, or in a box.
pub(in crate::case) fn failure_of(error: Box<dyn Any>) -> Option<Box<Failure>> {
    let error = match error.downcast::<CaseError>() {
        Ok(error) => return error.into_failure(),
        Err(error) => error,
    };
    let error = match error.downcast::<Box<dyn Error + Send + Sync>>() {
        Ok(error) => return error.downcast().ok(),
        Err(error) => error,
    };
    match error.downcast::<Box<dyn Error>>() {
        Ok(error) => error.downcast().ok(),
        Err(error) => error.downcast().ok(),
    }
}
