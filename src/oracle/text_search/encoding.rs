use std::fmt;

use serde::Serialize;

/// In which form another user's secret was seen.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize)]
#[serde(rename_all = "kebab-case")]
#[non_exhaustive]
pub enum Encoding {
    /// As it is, in any letter case.
    Plain,
    /// With JSON escapes, as in JSON inside a JSON string.
    Json,
    /// With percent escapes, once or more.
    Url,
    /// As hexadecimal digits.
    Hex,
    /// In base64, standard or URL-safe, at any alignment.
    Base64,
    /// As a list of byte values.
    Bytes,
    /// Twelve or more of its characters in a row, but not all.
    Part,
    /// Spread over several observations, as the chunks of a stream, or over the elements of a list.
    Chunks,
}

impl Encoding {
    /// The form as reports print it.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Plain => "plain",
            Self::Json => "JSON-escaped",
            Self::Url => "URL-encoded",
            Self::Hex => "hex",
            Self::Base64 => "base64",
            Self::Bytes => "a list of bytes",
            Self::Part => "part of it",
            Self::Chunks => "across chunks",
        }
    }
}

impl fmt::Display for Encoding {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(self.as_str())
    }
}
