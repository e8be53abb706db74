//! Why an audit cannot be done.

use std::io;
use std::path::PathBuf;

use thiserror::Error;

/// Why an audit cannot be done. What an audit finds is no error.
#[derive(Debug, Error)]
#[non_exhaustive]
pub enum Error {
    /// Cargo knows no workspace here.
    #[error("cargo cannot read the workspace at {}; call this where a Cargo.toml is", folder.display())]
    Workspace {
        /// Where it was looked for.
        folder: PathBuf,
        /// What cargo said.
        #[source]
        source: cargo_metadata::Error,
    },
    /// The configuration or the baseline cannot be read.
    #[error("{} cannot be read", path.display())]
    Read {
        /// The file.
        path: PathBuf,
        /// What the system said.
        #[source]
        source: io::Error,
    },
    /// The baseline cannot be written.
    #[error("{} cannot be written; make room for it, and let this program write there", path.display())]
    Write {
        /// The file.
        path: PathBuf,
        /// What the system said.
        #[source]
        source: io::Error,
    },
    /// The configuration is wrong: every mistake in it, as text for a person.
    #[error("{} cannot be used: {}\n{text}", path.display(), mistakes(*count))]
    Configuration {
        /// The file, or what stands for it.
        path: PathBuf,
        /// How many there are.
        count: usize,
        /// Each, with its place.
        text: String,
    },
    /// The baseline is wrong.
    #[error("{}:{line}: {what}", path.display())]
    Baseline {
        /// The file.
        path: PathBuf,
        /// From 1.
        line: usize,
        /// What is wrong, and what to do.
        what: String,
    },
    /// There is no baseline, where one is expected.
    #[error("there is no baseline {}; accept what is found now with `--allow-growth \"reason\"`, and commit the file", path.display())]
    NoBaseline {
        /// The file.
        path: PathBuf,
    },
    /// What was asked for contradicts itself.
    #[error("{what}")]
    Usage {
        /// What is wrong, and what to do.
        what: String,
    },
}

fn mistakes(count: usize) -> String {
    match count {
        1 => "1 mistake".to_owned(),
        count => format!("{count} mistakes"),
    }
}
