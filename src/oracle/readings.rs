//! Everything that a text can be read as.

use super::windows::PART;
use super::{Form, decoders};

/// Encodings within encodings are undone this deep: a URL, escaped twice, in a token in a JSON string.
const DEPTH: u32 = 4;

type Decoder = fn(&[u8], &mut dyn FnMut(&[u8]));

const DECODERS: [(Form, Decoder); 5] = [
    (Form::Json, decoders::unescape),
    (Form::Url, decoders::percent),
    (Form::Hex, decoders::hex),
    (Form::Base64, decoders::base64),
    (Form::Bytes, decoders::byte_list),
];

/// Shows `see` the text as it is, as [`Form::Plain`], and everything that can be decoded from it.
///
/// Most of what is decoded is noise, because much looks like base64 that is none: only long texts that are looked for
/// can be told from noise.
pub(super) fn each(text: &[u8], see: &mut dyn FnMut(&[u8], Form)) {
    see(text, Form::Plain);
    decode(text, Form::Plain, DEPTH, see);
}

fn decode(text: &[u8], form: Form, depth: u32, see: &mut dyn FnMut(&[u8], Form)) {
    for (inner, decoder) in DECODERS {
        let form = within(form, inner);
        decoder(text, &mut |plain| {
            see(plain, form);
            if depth > 1 {
                // Noise ends here: it hardly ever has this many printable characters in a row.
                for run in plain
                    .split(|&byte| !is_printable(byte))
                    .filter(|run| run.len() >= PART)
                {
                    decode(run, form, depth - 1, see);
                }
            }
        });
    }
}

fn is_printable(byte: u8) -> bool {
    byte.is_ascii_graphic() || byte.is_ascii_whitespace()
}

/// What reports call `inner` found in `outer`: JSON escapes within another encoding are not worth a word.
fn within(outer: Form, inner: Form) -> Form {
    if inner == Form::Json && outer != Form::Plain {
        outer
    } else {
        inner
    }
}
