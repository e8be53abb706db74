//! The encodings that the tests hide secrets in, by encoders that are not ours.

use data_encoding::{BASE64, BASE64_NOPAD, BASE64URL, BASE64URL_NOPAD, HEXLOWER, HEXUPPER};
use percent_encoding::{NON_ALPHANUMERIC, percent_encode_byte, utf8_percent_encode};
use proptest::prelude::*;

#[derive(Clone, Copy, Debug)]
pub(crate) enum Encoder {
    Plain,
    Upper,
    Mixed,
    Json,
    JsonTwice,
    Url,
    UrlLower,
    UrlTwice,
    UrlOfReserved,
    Hex,
    HexUpper,
    HexMixed,
    Base64,
    Base64Unpadded,
    Base64Url,
    Base64UrlPadded,
    Base64InLines,
    Base64Lower,
    Base64Upper,
    Bytes,
    Base64OfUpper,
    Base64OfMixed,
    HexOfBase64,
}

impl Encoder {
    pub(crate) const ALL: [Self; 23] = [
        Self::Plain,
        Self::Upper,
        Self::Mixed,
        Self::Json,
        Self::JsonTwice,
        Self::Url,
        Self::UrlLower,
        Self::UrlTwice,
        Self::UrlOfReserved,
        Self::Hex,
        Self::HexUpper,
        Self::HexMixed,
        Self::Base64,
        Self::Base64Unpadded,
        Self::Base64Url,
        Self::Base64UrlPadded,
        Self::Base64InLines,
        Self::Base64Lower,
        Self::Base64Upper,
        Self::Bytes,
        Self::Base64OfUpper,
        Self::Base64OfMixed,
        Self::HexOfBase64,
    ];

    pub(crate) fn any() -> impl Strategy<Value = Self> {
        proptest::sample::select(&Self::ALL)
    }

    /// What of an encoded text is the text: without the brackets of a list, and the line break at the end.
    pub(crate) fn marked(self, encoded: &str) -> &str {
        match self {
            Self::Bytes => &encoded[1..encoded.len() - 1],
            Self::Base64InLines => encoded.trim_end(),
            _ => encoded,
        }
    }

    pub(crate) fn encode(self, text: &str) -> String {
        let bytes = text.as_bytes();
        match self {
            Self::Plain => text.to_owned(),
            Self::Upper => text.to_ascii_uppercase(),
            Self::Mixed => mixed(text),
            Self::Json => escape(text),
            Self::JsonTwice => escape(&escape(text)),
            Self::Url => percent(text),
            Self::UrlLower => percent(text).to_ascii_lowercase(),
            Self::UrlTwice => percent(&percent(text)),
            Self::UrlOfReserved => utf8_percent_encode(text, NON_ALPHANUMERIC).to_string(),
            Self::Hex => HEXLOWER.encode(bytes),
            Self::HexUpper => HEXUPPER.encode(bytes),
            Self::HexMixed => mixed(&HEXLOWER.encode(bytes)),
            Self::Base64 => BASE64.encode(bytes),
            Self::Base64Unpadded => BASE64_NOPAD.encode(bytes),
            Self::Base64Url => BASE64URL_NOPAD.encode(bytes),
            Self::Base64UrlPadded => BASE64URL.encode(bytes),
            Self::Base64InLines => in_lines().encode(bytes),
            Self::Base64Lower => BASE64.encode(bytes).to_ascii_lowercase(),
            Self::Base64Upper => BASE64.encode(bytes).to_ascii_uppercase(),
            Self::Bytes => format!("{bytes:?}"),
            Self::Base64OfUpper => BASE64.encode(text.to_ascii_uppercase().as_bytes()),
            Self::Base64OfMixed => BASE64.encode(mixed(text).as_bytes()),
            Self::HexOfBase64 => HEXLOWER.encode(BASE64.encode(bytes).as_bytes()),
        }
    }
}

fn escape(text: &str) -> String {
    let escapes: Vec<_> = text.bytes().map(|byte| format!("\\u{byte:04x}")).collect();
    escapes.concat()
}

/// Every byte.
fn percent(text: &str) -> String {
    text.bytes().map(percent_encode_byte).collect()
}

/// Every other letter in upper case.
fn mixed(text: &str) -> String {
    let letters = text.chars().enumerate();
    letters
        .map(|(at, letter)| {
            if at % 2 == 0 {
                letter.to_ascii_uppercase()
            } else {
                letter.to_ascii_lowercase()
            }
        })
        .collect()
}

/// Base64 in short lines, padded.
fn in_lines() -> data_encoding::Encoding {
    let mut lines = BASE64.specification();
    lines.wrap.width = 12;
    lines.wrap.separator.push_str("\r\n");
    lines.encoding().expect("it is base64 in lines")
}
