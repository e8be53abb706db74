//! Undoes encodings wherever they occur in a text.
//!
//! Each decoder hands on what it decoded. Escapes are undone in place, because they mix with plain text; hex, base64
//! and byte lists are taken run by run, if the run is long enough to hold twelve characters.

use std::ops::Range;

use super::decoded::Decoded;
use super::secret_index::{PART, padding};

/// Hands on what it decodes from a text, each byte with the range of the text that it was decoded from.
pub(in crate::oracle) type Decoder<D> = fn(&[u8], &mut dyn FnMut(D));

/// Undoes the escapes of JSON, and those of Rust's `Debug` with them: `\u0061`, `\u{61}`, `\x61`, `\"`.
pub(in crate::oracle) fn unescape<D: Decoded>(text: &[u8], emit: &mut dyn FnMut(D)) {
    if !text.contains(&b'\\') {
        return;
    }
    let mut plain = D::with_capacity(text.len());
    let mut at = 0;
    while at < text.len() {
        if let Some((character, length)) = escaped(&text[at..]) {
            for &byte in character.encode_utf8(&mut [0; 4]).as_bytes() {
                plain.push(byte, at..at + length);
            }
            at += length;
        } else {
            plain.push(text[at], at..at + 1);
            at += 1;
        }
    }
    emit(plain);
}

/// The character that the escape at the start of `text` stands for, and the escape's length.
fn escaped(text: &[u8]) -> Option<(char, usize)> {
    let [b'\\', selector, rest @ ..] = text else {
        return None;
    };
    let character = match selector {
        b'u' if rest.first() == Some(&b'{') => {
            let end = rest.iter().take(8).position(|&byte| byte == b'}')?;
            return Some((char::from_u32(number(&rest[1..end])?)?, end + 3));
        }
        // Half of a surrogate pair is no character; it takes the place of one, and of no secret's.
        b'u' => return Some((char::from_u32(number(rest.get(..4)?)?).unwrap_or('\u{fffd}'), 6)),
        b'x' => return Some((char::from_u32(number(rest.get(..2)?)?)?, 4)),
        b'"' | b'\\' | b'/' | b'\'' => char::from(*selector),
        b'n' => '\n',
        b'r' => '\r',
        b't' => '\t',
        b'b' | b'f' => ' ',
        _ => return None,
    };
    Some((character, 2))
}

/// The number that up to eight hexadecimal digits write.
fn number(digits: &[u8]) -> Option<u32> {
    if digits.is_empty() {
        return None;
    }
    digits.iter().try_fold(0_u32, |number, &digit| {
        Some(number << 4 | u32::from(nibble(digit)?))
    })
}

/// Undoes percent escapes, one layer of them.
pub(in crate::oracle) fn percent<D: Decoded>(text: &[u8], emit: &mut dyn FnMut(D)) {
    let mut plain = D::with_capacity(text.len());
    let mut at = 0;
    while at < text.len() {
        let escape = match text[at..] {
            [b'%', high, low, ..] => nibble(high).zip(nibble(low)),
            _ => None,
        };
        let (byte, length) = match escape {
            Some((high, low)) => (high << 4 | low, 3),
            None => (text[at], 1),
        };
        plain.push(byte, at..at + length);
        at += length;
    }
    if plain.bytes().len() < text.len() {
        emit(plain);
    }
}

/// Decodes runs of hexadecimal digits, from their first digit and from their second.
pub(in crate::oracle) fn hex<D: Decoded>(text: &[u8], emit: &mut dyn FnMut(D)) {
    for run in runs(text, |byte| nibble(byte).is_some(), 2 * PART) {
        let nibbles: Vec<u8> = text[run.clone()].iter().copied().filter_map(nibble).collect();
        for start in 0..2 {
            let (pairs, _) = nibbles[start..].as_chunks::<2>();
            let plain: Vec<u8> = pairs.iter().map(|[high, low]| high << 4 | low).collect();
            let mut bytes = D::with_capacity(plain.len());
            bytes.push_all(&plain, |byte| {
                let at = run.start + start + 2 * byte;
                at..at + 2
            });
            emit(bytes);
        }
    }
}

/// Decodes runs of base64, of either alphabet, from each of their first four characters: what comes before the
/// encoding may look like a part of it. Padding within a run begins a new encoding; line breaks do not count.
pub(in crate::oracle) fn base64<D: Decoded>(text: &[u8], emit: &mut dyn FnMut(D)) {
    let is_base64 = |byte| sextet(byte).is_some() || matches!(byte, b'=' | b'\n' | b'\r');
    for run in runs(text, is_base64, PART * 4 / 3) {
        let encodings: Vec<Sextets> = runs(&text[run.clone()], |byte| byte != b'=', 0)
            .map(|encoding| Sextets::of::<D>(text, run.start + encoding.start..run.start + encoding.end))
            .collect();
        for start in 0..4 {
            let mut bytes = D::with_capacity(run.len() * 3 / 4);
            for encoding in &encodings {
                encoding.push_bytes(start, text, &mut bytes);
            }
            emit(bytes);
        }
    }
}

/// An encoding in base64, without line breaks.
struct Sextets {
    sextets: Vec<u8>,
    /// Where each stands in the text; empty where nobody asks.
    places: Vec<usize>,
}

impl Sextets {
    fn of<D: Decoded>(text: &[u8], encoding: Range<usize>) -> Self {
        let places = || encoding.clone().filter(|&at| sextet(text[at]).is_some());
        Self {
            sextets: text[encoding.clone()]
                .iter()
                .copied()
                .filter_map(sextet)
                .collect(),
            places: if D::IS_TRACED {
                places().collect()
            } else {
                Vec::new()
            },
        }
    }

    /// Adds what the sextets from `start` on stand for.
    fn push_bytes(&self, start: usize, text: &[u8], bytes: &mut impl Decoded) {
        let sextets = self.sextets.get(start..).unwrap_or_default();
        for (number, quantum) in sextets.chunks(4).enumerate() {
            let word = quantum
                .iter()
                .fold(0, |word, &sextet| word << 6 | u32::from(sextet))
                << (6 * (4 - quantum.len()));
            let whole = quantum.len() * 6 / 8;
            bytes.push_all(&word.to_be_bytes()[1..=whole], |byte| {
                // A byte has a part in two characters; the padding belongs to the last byte.
                let first = start + 4 * number + byte;
                let end = self.places[first + 1] + 1;
                let missing = if byte + 1 == whole { 4 - quantum.len() } else { 0 };
                self.places[first]..end + padding(&text[end..], missing)
            });
        }
    }
}

/// Decodes lists of decimal byte values: `[97,98]` in JSON, `[97, 98]` in the text of an error.
pub(in crate::oracle) fn byte_list<D: Decoded>(text: &[u8], emit: &mut dyn FnMut(D)) {
    let mut flush = |bytes: D| {
        if bytes.bytes().len() >= PART {
            emit(bytes);
        }
    };
    let is_list = |byte: u8| byte.is_ascii_digit() || matches!(byte, b',' | b' ' | b'\n' | b'\t');
    for run in runs(text, is_list, 2 * PART) {
        let mut bytes = D::default();
        for item in runs(&text[run.clone()], |byte| byte.is_ascii_digit(), 1) {
            let item = run.start + item.start..run.start + item.end;
            match decimal(&text[item.clone()]) {
                Some(byte) => bytes.push(byte, item),
                None => flush(std::mem::take(&mut bytes)),
            }
        }
        flush(bytes);
    }
}

/// The longest ranges of bytes that satisfy `is_part`, of at least `least` bytes.
pub(in crate::oracle) fn runs(
    text: &[u8],
    is_part: impl Fn(u8) -> bool + Copy,
    least: usize,
) -> impl Iterator<Item = Range<usize>> {
    let mut end = 0;
    text.split(move |&byte| !is_part(byte))
        .map(move |run| {
            let start = end;
            end = start + run.len() + 1;
            start..start + run.len()
        })
        .filter(move |run| run.len() >= least)
}

fn decimal(digits: &[u8]) -> Option<u8> {
    digits.iter().try_fold(0_u8, |number, digit| {
        number.checked_mul(10)?.checked_add(digit - b'0')
    })
}

fn nibble(byte: u8) -> Option<u8> {
    match byte {
        b'0'..=b'9' => Some(byte - b'0'),
        b'a'..=b'f' => Some(byte - b'a' + 10),
        b'A'..=b'F' => Some(byte - b'A' + 10),
        _ => None,
    }
}

fn sextet(byte: u8) -> Option<u8> {
    match byte {
        b'A'..=b'Z' => Some(byte - b'A'),
        b'a'..=b'z' => Some(byte - b'a' + 26),
        b'0'..=b'9' => Some(byte - b'0' + 52),
        b'+' | b'-' => Some(62),
        b'/' | b'_' => Some(63),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use rstest::rstest;

    use super::{Decoded, Decoder, base64, byte_list, hex, percent, unescape};
    use crate::oracle::text_search::Traced;

    /// Everything that a decoder hands on, as text where it is one.
    fn decoded(decoder: Decoder<Vec<u8>>, text: &str) -> Vec<String> {
        let mut all = Vec::new();
        decoder(text.as_bytes(), &mut |plain| {
            all.push(String::from_utf8_lossy(&plain).into_owned());
        });
        all
    }

    /// What the bytes from the first `a` to the first `l` after it were decoded from.
    fn origin(decoder: Decoder<Traced>, text: &str) -> Option<&str> {
        let mut origin = None;
        decoder(text.as_bytes(), &mut |plain| {
            let plain_text = String::from_utf8_lossy(plain.bytes()).into_owned();
            if let Some(at) = plain_text.find("abcdefghijkl") {
                origin = Some(plain.origin(at..at + 12));
            }
        });
        text.get(origin?)
    }

    #[rstest]
    #[case(r#"\u0061 \u{62} \x63 \" \\ \/ \n."#, "a b c \" \\ / \n.")]
    #[case(r"\u00e9 \ud83d \q \u00 \x", "é \u{fffd} \\q \\u00 \\x")]
    #[case("\\", "\\")]
    fn escapes_are_undone_in_place(#[case] text: &str, #[case] plain: &str) {
        assert_eq!(decoded(unescape, text), [plain]);
    }

    #[test]
    fn a_text_without_escapes_is_not_handed_on() {
        assert_eq!(decoded(unescape, "plain"), [""; 0]);
        assert_eq!(decoded(percent, "100 % plain, 5%x"), [""; 0]);
    }

    #[test]
    fn percent_escapes_are_undone_one_layer_at_a_time() {
        assert_eq!(decoded(percent, "%61%2562%zz%"), ["a%62%zz%"]);
    }

    #[rstest]
    #[case::standard("Pj4/Pz8+Pn5+Pj8/Pz8+")]
    #[case::url_safe("Pj4_Pz8-Pn5-Pj8_Pz8-")]
    fn both_alphabets_of_base64_are_known(#[case] encoded: &str) {
        let all = decoded(base64, encoded);
        assert!(all.contains(&String::from(">>???>>~~>????>")), "{all:?}");
    }

    #[test]
    fn hex_is_decoded_from_either_digit() {
        let all = decoded(hex, "x6162636465666768696a6b6c0x");
        assert_eq!(all[0], "abcdefghijkl");
        let all = decoded(hex, "x06162636465666768696A6B6Cx");
        assert_eq!(all[1], "abcdefghijkl");
    }

    #[test]
    fn a_number_above_255_ends_a_list_of_bytes() {
        let list = "97, 98,99,100,101,102,103,104,105,106,107,108";
        assert_eq!(
            decoded(byte_list, &format!("[1,256,{list},256,1]")),
            ["abcdefghijkl"]
        );
    }

    #[rstest]
    #[case(unescape, r"x\u0061\u{62}\x63defghijklx", r"\u0061\u{62}\x63defghijkl")]
    #[case(percent, "x%61b%63defghijk%6Cx", "%61b%63defghijk%6C")]
    #[case(hex, "x6162636465666768696a6b6c0x", "6162636465666768696a6b6c")]
    #[case(base64, "=YWJjZGVmZ2hp\namts=x", "YWJjZGVmZ2hp\namts")]
    #[case(base64, "=eGFiY2RlZmdoaWprbA==x", "GFiY2RlZmdoaWprbA==")]
    #[case(
        byte_list,
        "[1,97, 98,99,100,101,102,103,104,105,106,107,108,1]",
        "97, 98,99,100,101,102,103,104,105,106,107,108"
    )]
    fn what_was_decoded_is_traced_back(
        #[case] decoder: Decoder<Traced>,
        #[case] text: &str,
        #[case] encoded: &str,
    ) {
        assert_eq!(origin(decoder, text), Some(encoded));
    }
}
