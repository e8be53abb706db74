//! A stable hash of bytes and numbers.

use crate::rng::mix;

/// Folds words and bytes into 64 bits, the same on every platform and in every version.
///
/// Ours rather than `std`'s, because secrets are derived from it and because it takes eight bytes at a time, which
/// shows in a debug build. It resists accidents, not adversaries.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Digest(u64);

impl Digest {
    pub(crate) fn new() -> Self {
        Self(0x243f_6a88_85a3_08d3)
    }

    pub(crate) fn word(self, word: u64) -> Self {
        Self(mix(
            self.0.rotate_left(23) ^ word.wrapping_add(0x9e37_79b9_7f4a_7c15)
        ))
    }

    /// The bytes and their number, so that `ab`, `c` and `a`, `bc` differ.
    pub(crate) fn bytes(self, bytes: &[u8]) -> Self {
        let (words, rest) = bytes.as_chunks::<8>();
        let mut digest = self.word(bytes.len() as u64);
        for &word in words {
            digest = digest.word(u64::from_le_bytes(word));
        }
        if !rest.is_empty() {
            let mut last = [0; 8];
            last[..rest.len()].copy_from_slice(rest);
            digest = digest.word(u64::from_le_bytes(last));
        }
        digest
    }

    pub(crate) fn finish(self) -> u64 {
        self.0
    }
}

#[cfg(test)]
mod tests {
    use super::Digest;

    #[test]
    fn a_digest_stays_the_same_for_ever() {
        assert_eq!(
            Digest::new().bytes(b"one source of truth").word(7).finish(),
            11_698_929_084_651_934_390
        );
    }

    #[test]
    fn where_a_text_ends_matters() {
        let split = |a: &str, b: &str| Digest::new().bytes(a.as_bytes()).bytes(b.as_bytes());
        assert_ne!(split("ab", "c"), split("a", "bc"));
        assert_ne!(split("a", ""), split("a\0", ""));
    }
}
