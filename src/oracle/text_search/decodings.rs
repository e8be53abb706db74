//! Everything that a text can be read as.

use std::ops::Range;

use super::Encoding;
use super::decoded::Decoded;
use super::decoders::{self, Decoder};
use super::secret_index::PART;

/// Encodings within encodings are undone this deep: a URL, escaped twice, in a token in a JSON string.
const DEPTH: u32 = 4;

fn all_decoders<D: Decoded>() -> [(Encoding, Decoder<D>); 5] {
    [
        (Encoding::Json, decoders::unescape),
        (Encoding::Url, decoders::percent),
        (Encoding::Hex, decoders::hex),
        (Encoding::Base64, decoders::base64),
        (Encoding::Bytes, decoders::byte_list),
    ]
}

/// Shows `see` the text as it is, as [`Encoding::Plain`], and everything that can be decoded from it.
///
/// Most of what is decoded is noise, because much looks like base64 that is none: only long texts that are looked for
/// can be told from noise.
pub(in crate::oracle) fn each<D: Decoded>(text: &[u8], see: &mut dyn FnMut(&D, Encoding)) {
    let text = D::whole(text);
    see(&text, Encoding::Plain);
    decode(&text, 0..text.bytes().len(), Encoding::Plain, DEPTH, see);
}

fn decode<D: Decoded>(
    text: &D,
    part: Range<usize>,
    encoding: Encoding,
    depth: u32,
    see: &mut dyn FnMut(&D, Encoding),
) {
    for (inner, decoder) in all_decoders::<D>() {
        let encoding = within(encoding, inner);
        decoder(&text.bytes()[part.clone()], &mut |plain| {
            let plain = plain.within(text, part.start);
            see(&plain, encoding);
            if depth > 1 {
                // Noise ends here: it hardly ever has this many printable characters in a row.
                for run in decoders::runs(plain.bytes(), is_printable, PART) {
                    decode(&plain, run, encoding, depth - 1, see);
                }
            }
        });
    }
}

fn is_printable(byte: u8) -> bool {
    byte.is_ascii_graphic() || byte.is_ascii_whitespace()
}

/// What reports call `inner` found in `outer`: JSON escapes within another encoding are not worth a word.
fn within(outer: Encoding, inner: Encoding) -> Encoding {
    if inner == Encoding::Json && outer != Encoding::Plain {
        outer
    } else {
        inner
    }
}
