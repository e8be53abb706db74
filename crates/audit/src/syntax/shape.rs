//! Hashes of tokens, for the baseline and for copies.

use super::index::Body;
use super::tokens::{Kind, Lexed};

const PRIME: u64 = 0x0000_0100_0000_01b3;
const START: u64 = 0xcbf2_9ce4_8422_2325;

/// FNV-1a (Fowler, Noll, Vo), the same in every version of this crate: baselines hold it.
pub(crate) fn hash_of(bytes: &[u8]) -> u64 {
    bytes
        .iter()
        .fold(START, |hash, byte| (hash ^ u64::from(*byte)).wrapping_mul(PRIME))
}

/// Whether a word is a keyword that begins no path.
pub(super) fn is_keyword(word: &str) -> bool {
    matches!(
        word,
        "as" | "async"
            | "await"
            | "break"
            | "const"
            | "continue"
            | "dyn"
            | "else"
            | "enum"
            | "extern"
            | "fn"
            | "for"
            | "if"
            | "impl"
            | "in"
            | "let"
            | "loop"
            | "match"
            | "mod"
            | "move"
            | "mut"
            | "pub"
            | "ref"
            | "return"
            | "static"
            | "struct"
            | "trait"
            | "type"
            | "unsafe"
            | "use"
            | "where"
            | "while"
            | "yield"
    )
}

/// The hashes of the tokens `from..to`.
pub(super) fn body(lexed: &Lexed<'_>, from: usize, to: usize) -> Body {
    let mut shape = START;
    let mut exact = START;
    let mut add = |blanked: &[u8], all: &[u8]| {
        for byte in blanked {
            shape = (shape ^ u64::from(*byte)).wrapping_mul(PRIME);
        }
        for byte in all {
            exact = (exact ^ u64::from(*byte)).wrapping_mul(PRIME);
        }
        exact = (exact ^ 0x20).wrapping_mul(PRIME);
    };
    for index in from..to {
        let text = lexed.text(index).as_bytes();
        match lexed.tokens[index].kind {
            Kind::Ident if is_keyword(lexed.text(index)) => add(text, text),
            Kind::Ident => add(b"i", text),
            Kind::Lifetime => add(b"'", text),
            Kind::Text | Kind::Literal => add(b"0", text),
            Kind::Punct(byte) | Kind::Open(byte) | Kind::Close(byte) => add(&[byte], text),
        }
    }
    Body {
        tokens: u32::try_from(to.saturating_sub(from)).unwrap_or(u32::MAX),
        shape,
        exact,
    }
}

#[cfg(test)]
mod tests {
    use super::{body, hash_of};
    use crate::syntax::lexer::lex;

    #[test]
    fn a_hash_is_the_published_one() {
        // The reference vectors of FNV-1a, 64 bits.
        assert_eq!(hash_of(b""), 0xcbf2_9ce4_8422_2325);
        assert_eq!(hash_of(b"foobar"), 0x8594_4171_f739_67e8);
    }

    #[test]
    fn a_shape_is_of_keywords_and_punctuation_only() {
        let shape = |text: &str| {
            let lexed = lex(text).expect("it lexes");
            body(&lexed, 0, lexed.tokens.len())
        };
        let (one, other) = (shape("if a.b(1) { c }"), shape("if x.y(\"z\") { w }"));
        assert_eq!(one.shape, other.shape);
        assert_ne!(one.exact, other.exact);
        assert_ne!(one.shape, shape("while a.b(1) { c }").shape);
    }
}
