//! Finds secrets, whole or in part, in any letter case.

use std::collections::HashMap;
use std::collections::hash_map::Entry;
use std::hash::{BuildHasherDefault, Hasher};
use std::iter;
use std::ops::Range;
use std::sync::Arc;

use crate::digest::Digest;
use crate::rng::mix;
use crate::user::{Secret, SecretKind};

/// So many characters of a secret in a row tell whose it is.
pub(in crate::oracle) const PART: usize = 12;

/// Every window of twelve characters of every secret, in a hash map.
///
/// A map of windows rather than an automaton: it grows by one secret at a time, as secrets are minted, and a text is
/// searched with a look-up only where at least twelve characters in a row could be a secret's at all.
#[derive(Debug, Default)]
pub(in crate::oracle) struct SecretIndex {
    secrets: Vec<Arc<Secret>>,
    /// A window's bytes, big-endian, hence windows of different lengths never meet.
    by_bytes: HashMap<u128, Window, BuildHasherDefault<KeyHasher>>,
}

#[derive(Clone, Copy, Debug)]
enum Window {
    Of(Match),
    /// Two users have it, or it is public: it tells nothing.
    Shared,
}

/// One window of one secret.
#[derive(Clone, Copy, Debug)]
pub(in crate::oracle) struct Match {
    /// The secret's number, by the order in which secrets were added.
    pub(in crate::oracle) secret: usize,
    /// Where it is in base64 that lost its letter case.
    pub(in crate::oracle) base64: Option<Base64Window>,
    pub(in crate::oracle) is_first: bool,
    pub(in crate::oracle) is_last: bool,
}

/// What is around the base64 that twelve bytes alone determine.
#[derive(Clone, Copy, Debug)]
pub(in crate::oracle) struct Base64Window {
    /// The first byte has a part in the character before.
    begins_before: bool,
    /// The last byte has a part in the character behind.
    ends_behind: bool,
    /// So many characters of padding would be behind if nothing came after the last byte.
    padding: usize,
}

impl Match {
    /// The range of `text` that the window at `place` is encoded in, with what its neighbours have a part in.
    pub(in crate::oracle) fn encoded(self, text: &[u8], place: Range<usize>) -> Range<usize> {
        let Some(window) = self.base64 else {
            return place;
        };
        let start = place.start - usize::from(window.begins_before && place.start > 0);
        let end = text.len().min(place.end + usize::from(window.ends_behind));
        start..end + padding(&text[end..], window.padding)
    }
}

impl SecretIndex {
    /// Takes a text that everybody may see: windows of secrets that it holds tell nothing.
    pub(in crate::oracle) fn add_public(&mut self, text: &str) {
        for bytes in text.to_ascii_lowercase().as_bytes().windows(PART) {
            self.by_bytes.insert(key(bytes), Window::Shared);
        }
    }

    pub(in crate::oracle) fn add(&mut self, secret: Arc<Secret>) {
        let text = secret.text().to_ascii_lowercase();
        self.add_parts(&secret, text.as_bytes());
        if secret.kind() == SecretKind::Uuid {
            self.add_parts(&secret, text.replace('-', "").as_bytes());
        }
        self.secrets.push(secret);
    }

    pub(in crate::oracle) fn secret(&self, number: usize) -> &Secret {
        &self.secrets[number]
    }

    pub(in crate::oracle) fn len(&self) -> usize {
        self.secrets.len()
    }

    fn add_parts(&mut self, secret: &Secret, text: &[u8]) {
        let last = text.len().saturating_sub(PART);
        let base64 = [0, 1, 2].map(|before| lower_base64(before, text));
        for (place, part) in text.windows(PART).enumerate() {
            let matched = Match {
                secret: self.secrets.len(),
                base64: None,
                is_first: place == 0,
                is_last: place == last,
            };
            self.insert(secret.owners(), part, matched);
            // Base64 that lost its letter case cannot be decoded: look for what it would be.
            for (before, letters) in base64.iter().enumerate() {
                let start = before + place;
                let (begin, end) = (start * 8, (start + PART) * 8);
                let own = &letters[begin.div_ceil(6)..end / 6];
                let base64 = Some(Base64Window {
                    begins_before: !begin.is_multiple_of(6),
                    ends_behind: !end.is_multiple_of(6),
                    padding: end.div_ceil(6).next_multiple_of(4) - end.div_ceil(6),
                });
                self.insert(secret.owners(), own, Match { base64, ..matched });
            }
        }
    }

    fn insert(&mut self, owners: &[usize], window: &[u8], matched: Match) {
        match self.by_bytes.entry(key(window)) {
            Entry::Vacant(entry) => {
                entry.insert(Window::Of(matched));
            }
            Entry::Occupied(mut entry) => {
                // A number that no secret has yet is the number of the one under way.
                let is_another = |earlier: Match| {
                    self.secrets
                        .get(earlier.secret)
                        .is_some_and(|earlier| earlier.owners() != owners)
                };
                if matches!(*entry.get(), Window::Of(earlier) if is_another(earlier)) {
                    entry.insert(Window::Shared);
                }
            }
        }
    }

    /// Calls `found` for every window of a secret in `text`, with its place.
    pub(in crate::oracle) fn find(&self, text: &[u8], mut found: impl FnMut(Match, Range<usize>)) {
        let (mut recent, mut run) = (0_u128, 0);
        for (at, &byte) in text.iter().enumerate() {
            let letter = LETTERS[usize::from(byte)];
            if letter == 0 {
                run = 0;
                continue;
            }
            recent = recent << 8 | u128::from(letter);
            run += 1;
            if run < PART {
                continue;
            }
            for width in [PART, 15, 16] {
                if run < width {
                    break;
                }
                if let Some(Window::Of(matched)) = self.by_bytes.get(&(recent & mask(width))) {
                    found(*matched, at + 1 - width..at + 1);
                }
            }
        }
    }
}

/// What each byte is in a window: itself, in lower case, or 0 for what no window holds.
const LETTERS: [u8; 256] = {
    let mut letters = [0; 256];
    let mut byte = 0_u8;
    while byte < 128 {
        if byte.is_ascii_alphanumeric() || matches!(byte, b'@' | b'.' | b'-') {
            letters[byte as usize] = byte.to_ascii_lowercase();
        }
        byte += 1;
    }
    letters
};

/// Spreads the bits of a window's bytes; `std`'s hasher takes most of a search's time in a debug build.
#[derive(Debug, Default)]
struct KeyHasher(u64);

impl Hasher for KeyHasher {
    #[expect(
        clippy::cast_possible_truncation,
        reason = "the upper half is folded into the lower"
    )]
    fn write_u128(&mut self, key: u128) {
        self.0 = mix((key ^ key >> 61) as u64);
    }

    fn write(&mut self, bytes: &[u8]) {
        self.0 = Digest::new().word(self.0).bytes(bytes).finish();
    }

    fn finish(&self) -> u64 {
        self.0
    }
}

fn key(window: &[u8]) -> u128 {
    window.iter().fold(0, |key, &byte| key << 8 | u128::from(byte))
}

fn mask(width: usize) -> u128 {
    u128::MAX >> (128 - 8 * width)
}

/// The base64 of `text` after `before` other bytes, in lower case.
///
/// Twelve bytes alone determine 16 or 15 of its characters; their neighbours have a part in the rest.
fn lower_base64(before: usize, text: &[u8]) -> Vec<u8> {
    const ALPHABET: &[u8; 64] = b"abcdefghijklmnopqrstuvwxyzabcdefghijklmnopqrstuvwxyz0123456789+/";
    let bytes: Vec<u8> = iter::repeat_n(0, before).chain(text.iter().copied()).collect();
    let mut letters = Vec::with_capacity(bytes.len() * 4 / 3 + 4);
    for group in bytes.chunks(3) {
        let word =
            group.iter().fold(0, |word, &byte| word << 8 | usize::from(byte)) << (8 * (3 - group.len()));
        letters.extend([18, 12, 6, 0].map(|shift| ALPHABET[word >> shift & 63]));
    }
    letters
}

/// How many of the at most `missing` characters of padding `text` begins with.
pub(in crate::oracle) fn padding(text: &[u8], missing: usize) -> usize {
    text.iter()
        .take(missing)
        .take_while(|&&byte| byte == b'=')
        .count()
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;

    use super::{Secret, SecretIndex};

    fn found(windows: &SecretIndex, text: &str) -> Vec<usize> {
        let mut found = Vec::new();
        windows.find(text.as_bytes(), |matched, _| found.push(matched.secret));
        found
    }

    #[test]
    fn what_two_users_share_tells_nothing() {
        let mut windows = SecretIndex::default();
        windows.add(Arc::new(Secret::with_text(0, "sharedbytwousers-mine")));
        windows.add(Arc::new(Secret::with_text(1, "sharedbytwousers-also")));
        windows.add(Arc::new(Secret::with_text(2, "sharedbytwousers-third")));
        assert_eq!(found(&windows, "sharedbytwousers-"), [0; 0]);
        assert_eq!(found(&windows, "edbytwousers-mi"), [0, 0]);
    }

    #[test]
    fn what_two_secrets_of_one_user_share_tells_whose_it_is() {
        let mut windows = SecretIndex::default();
        windows.add(Arc::new(Secret::with_text(0, "sharedbytwosecrets")));
        windows.add(Arc::new(Secret::with_text(0, "sharedbytwosecrets")));
        assert_eq!(found(&windows, "sharedbytwos"), [0]);
    }

    #[test]
    fn what_is_public_tells_nothing() {
        let mut windows = SecretIndex::default();
        windows.add_public("Thread-K3V9X2MA");
        windows.add(Arc::new(Secret::with_text(0, "thread-k3v9x2ma-secret")));
        assert_eq!(found(&windows, "thread-k3v9x2ma"), [0; 0]);
        assert_eq!(found(&windows, "k3v9x2ma-secret").len(), 4);
    }
}
