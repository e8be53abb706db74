//! The texts that the harness composes: they are never evidence of what a test declares.
//!
//! A report, a refusal or a timeout quotes what was declared, and by an `unwrap`, a `format!` or a `?` it comes to stand in a
//! panic's message or an error's text, where its type is gone. So each such text is kept with the test that it was written
//! for, and taken out of what the test said before that is searched.

use std::borrow::Cow;

use crate::current::{self, CurrentTest};

/// Keeps a text with the test that this thread works for, and gives it back.
pub(crate) fn composed<T: AsRef<str>>(text: T) -> T {
    if let Some(test) = current::test() {
        test.compose(text.as_ref());
    }
    text
}

/// A message without the texts that were composed for the test, as they stand or as `Debug` escapes them.
pub(crate) fn without_composed<'m>(test: &CurrentTest, message: &'m str) -> Cow<'m, str> {
    let mut left = Cow::Borrowed(message);
    for text in test.composed() {
        for form in [text.escape_debug().to_string(), text] {
            if left.contains(&form) {
                left = Cow::Owned(left.replace(&form, "\n"));
            }
        }
    }
    left
}
