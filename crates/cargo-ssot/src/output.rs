use std::io::{self, Write as _};

use anstream::AutoStream;
use serde::Serialize;
use serde_json::json;

use crate::error::{Error, ErrorKind};
use crate::style::{BAD, styled};

/// Results, on standard output: for a person, or as JSON.
#[derive(Debug)]
pub(crate) struct Output {
    json: bool,
    color: anstream::ColorChoice,
}

impl Output {
    pub(crate) fn new(json: bool, color: clap::ColorChoice) -> Self {
        let color = match color {
            clap::ColorChoice::Auto => anstream::ColorChoice::Auto,
            clap::ColorChoice::Always => anstream::ColorChoice::Always,
            clap::ColorChoice::Never => anstream::ColorChoice::Never,
        };
        Self { json, color }
    }

    /// Whether results are to be JSON.
    pub(crate) fn is_json(&self) -> bool {
        self.json
    }

    /// Prints text with its end of line; its colours go where there is no terminal.
    ///
    /// # Errors
    ///
    /// Where it cannot be written, but for a reader that has had enough.
    pub(crate) fn text(&self, text: &str) -> Result<(), Error> {
        let mut stdout = AutoStream::new(io::stdout().lock(), self.color);
        written(stdout.write_all(text.as_bytes()).and_then(|()| {
            if !text.ends_with('\n') && !text.is_empty() {
                stdout.write_all(b"\n")?;
            }
            stdout.flush()
        }))
    }

    /// Prints a value as JSON.
    ///
    /// # Errors
    ///
    /// As [`text`](Self::text).
    pub(crate) fn value(&self, value: &impl Serialize) -> Result<(), Error> {
        let text = serde_json::to_string_pretty(value)
            .map_err(io::Error::other)
            .map_err(unwritable)?;
        self.text(&text)
    }

    /// Tells why the command cannot go on: on standard error, and as JSON where that is wanted. Nobody is left to be told
    /// where that fails.
    pub(crate) fn error(&self, error: &Error) {
        let mut stderr = AutoStream::new(io::stderr().lock(), self.color);
        let details = match error.details().trim_end() {
            "" => String::new(),
            details => format!("{details}\n\n"),
        };
        let text = format!("{details}{} {}\n", styled(BAD, "error:"), error.with_sources());
        drop(stderr.write_all(text.as_bytes()));
        if self.json {
            drop(self.value(&json!({
                "version": 1,
                "ok": false,
                "error": {
                    "kind": error.kind().as_str(),
                    "message": error.with_sources(),
                    "details": error.details(),
                },
            })));
        }
    }
}

fn written(result: io::Result<()>) -> Result<(), Error> {
    match result {
        // `cargo ssot status | head` is no failure.
        Err(error) if error.kind() == io::ErrorKind::BrokenPipe => Ok(()),
        other => other.map_err(unwritable),
    }
}

fn unwritable(error: io::Error) -> Error {
    let remedy = "make room where it goes, and call this again";
    Error::new(ErrorKind::Write, "standard output cannot be written", remedy).because(error)
}
