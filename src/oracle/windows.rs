//! Finds secrets, whole or in part, in any letter case.

use std::collections::HashMap;
use std::collections::hash_map::Entry;
use std::sync::Arc;

use crate::user::{Secret, SecretKind};

/// So many characters of a secret in a row tell whose it is.
pub(super) const PART: usize = 12;

/// Every window of twelve characters of every secret, in a hash map.
///
/// A map of windows rather than an automaton: it grows by one secret at a time, as secrets are minted, and a text is
/// searched with a look-up only where at least twelve characters in a row could be a secret's at all.
#[derive(Debug, Default)]
pub(super) struct Windows {
    secrets: Vec<Arc<Secret>>,
    /// A window's bytes, big-endian, hence windows of different lengths never meet.
    by_bytes: HashMap<u128, Window>,
}

#[derive(Clone, Copy, Debug)]
enum Window {
    Of(Sight),
    /// Two users have it, or it is public: it tells nothing.
    Shared,
}

/// One window of one secret.
#[derive(Clone, Copy, Debug)]
pub(super) struct Sight {
    /// The secret's number, by the order in which secrets were added.
    pub(super) secret: usize,
    /// In base64 that lost its letter case.
    pub(super) is_base64: bool,
    pub(super) is_first: bool,
    pub(super) is_last: bool,
}

impl Windows {
    /// Takes a text that everybody may see: windows of secrets that it holds tell nothing.
    pub(super) fn add_public(&mut self, text: &str) {
        for bytes in text.to_ascii_lowercase().as_bytes().windows(PART) {
            self.by_bytes.insert(key(bytes), Window::Shared);
        }
    }

    pub(super) fn add(&mut self, secret: Arc<Secret>) {
        let text = secret.text().to_ascii_lowercase();
        self.add_parts(&secret, text.as_bytes());
        if secret.kind() == SecretKind::Uuid {
            self.add_parts(&secret, text.replace('-', "").as_bytes());
        }
        self.secrets.push(secret);
    }

    pub(super) fn secret(&self, number: usize) -> &Secret {
        &self.secrets[number]
    }

    pub(super) fn len(&self) -> usize {
        self.secrets.len()
    }

    fn add_parts(&mut self, secret: &Secret, text: &[u8]) {
        let last = text.len().saturating_sub(PART);
        for (place, part) in text.windows(PART).enumerate() {
            let sight = Sight {
                secret: self.secrets.len(),
                is_base64: false,
                is_first: place == 0,
                is_last: place == last,
            };
            self.insert(secret.owner(), part, sight);
            // Base64 that lost its letter case cannot be decoded: look for what it would be.
            for before in 0..3 {
                self.insert(
                    secret.owner(),
                    &lower_base64(before, part),
                    Sight {
                        is_base64: true,
                        ..sight
                    },
                );
            }
        }
    }

    fn insert(&mut self, owner: usize, window: &[u8], sight: Sight) {
        match self.by_bytes.entry(key(window)) {
            Entry::Vacant(entry) => {
                entry.insert(Window::Of(sight));
            }
            Entry::Occupied(mut entry) => {
                // A number that no secret has yet is the number of the one under way.
                let is_another = |earlier: Sight| {
                    self.secrets
                        .get(earlier.secret)
                        .is_some_and(|earlier| earlier.owner() != owner)
                };
                if matches!(*entry.get(), Window::Of(earlier) if is_another(earlier)) {
                    entry.insert(Window::Shared);
                }
            }
        }
    }

    /// Calls `found` for every window of a secret in `text`.
    pub(super) fn find(&self, text: &[u8], mut found: impl FnMut(Sight)) {
        const WIDTHS: [usize; 3] = [PART, 15, 16];
        let (mut recent, mut run) = (0_u128, 0);
        for &byte in text {
            let byte = byte.to_ascii_lowercase();
            if !matches!(byte, b'a'..=b'z' | b'0'..=b'9' | b'@' | b'.' | b'-') {
                run = 0;
                continue;
            }
            recent = recent << 8 | u128::from(byte);
            run += 1;
            for width in WIDTHS.into_iter().filter(|&width| run >= width) {
                if let Some(Window::Of(sight)) = self.by_bytes.get(&(recent & mask(width))) {
                    found(*sight);
                }
            }
        }
    }
}

fn key(window: &[u8]) -> u128 {
    window.iter().fold(0, |key, &byte| key << 8 | u128::from(byte))
}

fn mask(width: usize) -> u128 {
    u128::MAX >> (128 - 8 * width)
}

/// The base64 of `text` after `before` unknown bytes, in lower case, without the characters that its neighbours have a
/// part in: of twelve characters, 16 or 15.
fn lower_base64(before: usize, text: &[u8]) -> Vec<u8> {
    const ALPHABET: &[u8; 64] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
    let (first, end) = (before * 8, (before + text.len()) * 8);
    (first.div_ceil(6)..end / 6)
        .map(|character| {
            let sextet = (0..6).fold(0, |sextet, bit| {
                let at = character * 6 + bit - first;
                sextet << 1 | usize::from(text[at / 8] >> (7 - at % 8) & 1)
            });
            ALPHABET[sextet].to_ascii_lowercase()
        })
        .collect()
}
