//! Undoes encodings wherever they occur in a text.
//!
//! Each decoder hands on what it decoded. Escapes are undone in place, because they mix with plain text; hex, base64
//! and byte lists are taken run by run, if the run is long enough to hold twelve characters.

use super::secret_index::PART;

/// Hands on what it decodes from a text.
pub(super) type Decoder = fn(&[u8], &mut dyn FnMut(&[u8]));

/// Undoes the escapes of JSON, and those of Rust's `Debug` with them: `\u0061`, `\u{61}`, `\x61`, `\"`.
pub(super) fn unescape(text: &[u8], emit: &mut dyn FnMut(&[u8])) {
    if !text.contains(&b'\\') {
        return;
    }
    let mut plain = Vec::with_capacity(text.len());
    let mut rest = text;
    while let Some((&byte, after)) = rest.split_first() {
        rest = if let Some((character, length)) = escaped(rest) {
            plain.extend_from_slice(character.encode_utf8(&mut [0; 4]).as_bytes());
            &rest[length..]
        } else {
            plain.push(byte);
            after
        };
    }
    emit(&plain);
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
pub(super) fn percent(text: &[u8], emit: &mut dyn FnMut(&[u8])) {
    let mut plain = Vec::with_capacity(text.len());
    let mut rest = text;
    while let Some((&byte, after)) = rest.split_first() {
        rest = match rest {
            [b'%', high, low, tail @ ..] if nibble(*high).is_some() && nibble(*low).is_some() => {
                plain.extend(nibble(*high).zip(nibble(*low)).map(|(high, low)| high << 4 | low));
                tail
            }
            _ => {
                plain.push(byte);
                after
            }
        };
    }
    if plain.len() < text.len() {
        emit(&plain);
    }
}

/// Decodes runs of hexadecimal digits, from their first digit and from their second.
pub(super) fn hex(text: &[u8], emit: &mut dyn FnMut(&[u8])) {
    for run in text
        .split(|&byte| nibble(byte).is_none())
        .filter(|run| run.len() >= 2 * PART)
    {
        let nibbles: Vec<u8> = run.iter().copied().filter_map(nibble).collect();
        for start in 0..2 {
            let (pairs, _) = nibbles[start..].as_chunks::<2>();
            emit(
                &pairs
                    .iter()
                    .map(|[high, low]| high << 4 | low)
                    .collect::<Vec<_>>(),
            );
        }
    }
}

/// Decodes runs of base64, of either alphabet, from each of their first four characters: what comes before the
/// encoding may look like a part of it. Padding within a run begins a new encoding; line breaks do not count.
pub(super) fn base64(text: &[u8], emit: &mut dyn FnMut(&[u8])) {
    let is_base64 = |&byte: &u8| sextet(byte).is_some() || matches!(byte, b'=' | b'\n' | b'\r');
    for run in text
        .split(|byte| !is_base64(byte))
        .filter(|run| run.len() >= PART * 4 / 3)
    {
        let encodings: Vec<Vec<u8>> = run
            .split(|&byte| byte == b'=')
            .map(|encoding| encoding.iter().copied().filter_map(sextet).collect())
            .collect();
        for start in 0..4 {
            let mut bytes = Vec::with_capacity(run.len() * 3 / 4);
            for encoding in &encodings {
                push_bytes(&mut bytes, encoding.get(start..).unwrap_or_default());
            }
            emit(&bytes);
        }
    }
}

fn push_bytes(bytes: &mut Vec<u8>, sextets: &[u8]) {
    for quantum in sextets.chunks(4) {
        let word = quantum
            .iter()
            .fold(0, |word, &sextet| word << 6 | u32::from(sextet))
            << (6 * (4 - quantum.len()));
        let whole = quantum.len() * 6 / 8;
        bytes.extend_from_slice(&word.to_be_bytes()[1..=whole]);
    }
}

/// Decodes lists of decimal byte values: `[97,98]` in JSON, `[97, 98]` in the text of an error.
pub(super) fn byte_list(text: &[u8], emit: &mut dyn FnMut(&[u8])) {
    let mut bytes = Vec::new();
    let mut flush = |bytes: &mut Vec<u8>| {
        if bytes.len() >= PART {
            emit(bytes);
        }
        bytes.clear();
    };
    let is_list = |byte: &u8| byte.is_ascii_digit() || matches!(byte, b',' | b' ' | b'\n' | b'\t');
    for run in text
        .split(|byte| !is_list(byte))
        .filter(|run| run.len() >= 2 * PART)
    {
        let items = run
            .split(|byte| !byte.is_ascii_digit())
            .filter(|item| !item.is_empty());
        for item in items {
            match decimal(item) {
                Some(byte) => bytes.push(byte),
                None => flush(&mut bytes),
            }
        }
        flush(&mut bytes);
    }
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

    /// Everything that a decoder hands on, as text where it is one.
    fn decoded(decoder: super::Decoder, text: &str) -> Vec<String> {
        let mut all = Vec::new();
        decoder(text.as_bytes(), &mut |plain| {
            all.push(String::from_utf8_lossy(plain).into_owned());
        });
        all
    }

    #[rstest]
    #[case(r#"\u0061 \u{62} \x63 \" \\ \/ \n."#, "a b c \" \\ / \n.")]
    #[case(r"\u00e9 \ud83d \q \u00 \x", "é \u{fffd} \\q \\u00 \\x")]
    #[case("\\", "\\")]
    fn escapes_are_undone_in_place(#[case] text: &str, #[case] plain: &str) {
        assert_eq!(decoded(super::unescape, text), [plain]);
    }

    #[test]
    fn a_text_without_escapes_is_not_handed_on() {
        assert_eq!(decoded(super::unescape, "plain"), [""; 0]);
        assert_eq!(decoded(super::percent, "100 % plain, 5%x"), [""; 0]);
    }

    #[test]
    fn percent_escapes_are_undone_one_layer_at_a_time() {
        assert_eq!(decoded(super::percent, "%61%2562%zz%"), ["a%62%zz%"]);
    }

    #[rstest]
    #[case::standard("Pj4/Pz8+Pn5+Pj8/Pz8+")]
    #[case::url_safe("Pj4_Pz8-Pn5-Pj8_Pz8-")]
    fn both_alphabets_of_base64_are_known(#[case] encoded: &str) {
        let all = decoded(super::base64, encoded);
        assert!(all.contains(&String::from(">>???>>~~>????>")), "{all:?}");
    }

    #[test]
    fn hex_is_decoded_from_either_digit() {
        let all = decoded(super::hex, "x6162636465666768696a6b6c0x");
        assert_eq!(all[0], "abcdefghijkl");
        let all = decoded(super::hex, "x06162636465666768696A6B6Cx");
        assert_eq!(all[1], "abcdefghijkl");
    }

    #[test]
    fn a_number_above_255_ends_a_list_of_bytes() {
        let list = "97, 98,99,100,101,102,103,104,105,106,107,108";
        assert_eq!(
            decoded(super::byte_list, &format!("[1,256,{list},256,1]")),
            ["abcdefghijkl"]
        );
    }
}
