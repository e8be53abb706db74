//! The encodings that the tests hide secrets in.

use std::fmt::Write;

use proptest::prelude::*;

#[derive(Clone, Copy, Debug)]
pub(super) enum Encoder {
    Plain,
    Upper,
    Json,
    JsonTwice,
    Url,
    UrlTwice,
    Hex,
    HexUpper,
    Base64,
    Base64Unpadded,
    Base64Url,
    Base64Lower,
    Bytes,
    Base64OfUpper,
    HexOfBase64,
}

impl Encoder {
    pub(super) const ALL: [Self; 15] = [
        Self::Plain,
        Self::Upper,
        Self::Json,
        Self::JsonTwice,
        Self::Url,
        Self::UrlTwice,
        Self::Hex,
        Self::HexUpper,
        Self::Base64,
        Self::Base64Unpadded,
        Self::Base64Url,
        Self::Base64Lower,
        Self::Bytes,
        Self::Base64OfUpper,
        Self::HexOfBase64,
    ];

    pub(super) fn any() -> impl Strategy<Value = Self> {
        proptest::sample::select(&Self::ALL)
    }

    pub(super) fn encode(self, text: &str) -> String {
        let bytes = text.as_bytes();
        match self {
            Self::Plain => text.to_owned(),
            Self::Upper => text.to_ascii_uppercase(),
            Self::Json => escape(text),
            Self::JsonTwice => escape(&escape(text)),
            Self::Url => percent(text),
            Self::UrlTwice => percent(&percent(text)),
            Self::Hex => each(bytes, |out, byte| write!(out, "{byte:02x}")),
            Self::HexUpper => each(bytes, |out, byte| write!(out, "{byte:02X}")),
            Self::Base64 => base64(bytes, *b"+/"),
            Self::Base64Unpadded => base64(bytes, *b"+/").trim_end_matches('=').to_owned(),
            Self::Base64Url => base64(bytes, *b"-_").trim_end_matches('=').to_owned(),
            Self::Base64Lower => base64(bytes, *b"+/").to_ascii_lowercase(),
            Self::Bytes => format!("{bytes:?}"),
            Self::Base64OfUpper => base64(text.to_ascii_uppercase().as_bytes(), *b"+/"),
            Self::HexOfBase64 => Self::Hex.encode(&Self::Base64.encode(text)),
        }
    }
}

fn each(bytes: &[u8], put: impl Fn(&mut String, u8) -> std::fmt::Result) -> String {
    let mut out = String::new();
    for &byte in bytes {
        put(&mut out, byte).expect("a string takes everything");
    }
    out
}

fn escape(text: &str) -> String {
    each(text.as_bytes(), |out, byte| write!(out, "\\u{byte:04x}"))
}

fn percent(text: &str) -> String {
    each(text.as_bytes(), |out, byte| write!(out, "%{byte:02X}"))
}

fn base64(bytes: &[u8], last: [u8; 2]) -> String {
    let letters: Vec<u8> = (b'A'..=b'Z')
        .chain(b'a'..=b'z')
        .chain(b'0'..=b'9')
        .chain(last)
        .collect();
    let mut out = String::new();
    for chunk in bytes.chunks(3) {
        let word =
            chunk.iter().fold(0, |word, &byte| word << 8 | usize::from(byte)) << (8 * (3 - chunk.len()));
        for place in 0..4 {
            let letter = letters[word >> (18 - 6 * place) & 63];
            out.push(if place <= chunk.len() {
                char::from(letter)
            } else {
                '='
            });
        }
    }
    out
}
