//! Everything that a text can be read as.

use super::{Form, decoders};

/// Encodings within encodings are undone this deep: a URL in a token in a JSON string.
const DEPTH: u32 = 3;

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
    read(text, Form::Plain, DEPTH, see);
}

fn read(text: &[u8], form: Form, depth: u32, see: &mut dyn FnMut(&[u8], Form)) {
    see(text, form);
    if depth == 0 {
        return;
    }
    for (inner, decode) in DECODERS {
        decode(text, &mut |plain| {
            read(plain, within(form, inner), depth - 1, see);
        });
    }
}

/// What reports call `inner` found in `outer`: JSON escapes within another encoding are not worth a word.
fn within(outer: Form, inner: Form) -> Form {
    if inner == Form::Json && outer != Form::Plain {
        outer
    } else {
        inner
    }
}
