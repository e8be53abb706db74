//! The letters of random ids and secrets.

use crate::rng::Rng;

/// Lower-case letters and digits without those that a person mixes up (`i`, `l`, `o`, `0`, `1`).
pub(super) const LETTERS: &[u8; 31] = b"abcdefghjkmnpqrstuvwxyz23456789";

/// Appends `n` random letters.
pub(super) fn push_letters(text: &mut String, n: usize, rng: &mut Rng) {
    text.extend((0..n).map(|_| char::from(LETTERS[rng.below(LETTERS.len())])));
}
