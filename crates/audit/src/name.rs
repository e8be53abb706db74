//! Names as numbers: equal names are one, and cost four bytes wherever they stand.

use std::cell::RefCell;
use std::collections::HashMap;
use std::fmt;
use std::hash::{BuildHasher, BuildHasherDefault, Hash, Hasher};
use std::sync::{LazyLock, Mutex, PoisonError};

/// An identifier of Rust without its `r#`. Kept for the life of the process, as a compiler keeps its symbols.
#[derive(Clone, Copy, PartialEq, Eq, Hash)]
pub(crate) struct Name(u32);

const SHARD_BITS: u32 = 4;

/// Set where a name begins as those of variables do; asked of every path.
const LOWER: u32 = 1 << 31;

type Shards = [Mutex<Shard>; 1 << SHARD_BITS];

#[derive(Default)]
struct Shard {
    numbers: HashMap<&'static str, Name, Fast>,
    texts: Vec<&'static str>,
}

static SHARDS: LazyLock<Shards> = LazyLock::new(|| std::array::from_fn(|_| Mutex::default()));

thread_local! {
    /// What this thread has seen, so that most names cost no lock.
    static SEEN: RefCell<HashMap<&'static str, Name, Fast>> = RefCell::default();
}

impl Name {
    /// The name with this text.
    pub(crate) fn new(text: &str) -> Self {
        SEEN.with_borrow_mut(|seen| {
            if let Some(name) = seen.get(text) {
                return *name;
            }
            let (text, name) = Self::shared(text);
            seen.insert(text, name);
            name
        })
    }

    fn shared(text: &str) -> (&'static str, Self) {
        let hash = Fast::default().hash_one(text);
        let number = u32::try_from(hash >> (64 - SHARD_BITS)).expect("four bits fit");
        let mut shard = SHARDS[number as usize]
            .lock()
            .unwrap_or_else(PoisonError::into_inner);
        if let Some((text, name)) = shard.numbers.get_key_value(text) {
            return (text, *name);
        }
        let kept: &'static str = Box::leak(text.into());
        let count = u32::try_from(shard.texts.len()).expect("fewer names than 2^27");
        let lower = text.starts_with(|first: char| first.is_lowercase() || first == '_');
        let name = Self((count << SHARD_BITS) | number | if lower { LOWER } else { 0 });
        shard.texts.push(kept);
        shard.numbers.insert(kept, name);
        (kept, name)
    }

    /// Whether it begins with a small letter or an underscore.
    pub(crate) fn is_lower(self) -> bool {
        self.0 & LOWER != 0
    }

    /// Its text.
    pub(crate) fn as_str(self) -> &'static str {
        let shard = &SHARDS[(self.0 & ((1 << SHARD_BITS) - 1)) as usize];
        shard.lock().unwrap_or_else(PoisonError::into_inner).texts[((self.0 & !LOWER) >> SHARD_BITS) as usize]
    }
}

impl fmt::Display for Name {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

impl fmt::Debug for Name {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

/// A quick hash without a seed: tables of names are never filled by an attacker, and their order is never seen.
pub(crate) type Fast = BuildHasherDefault<FastHasher>;

/// The hash of a small key.
pub(crate) fn hash_of(key: &impl Hash) -> u64 {
    Fast::default().hash_one(key)
}

/// A table by names or other small keys.
pub(crate) type Map<K, V> = HashMap<K, V, Fast>;

/// A set of names or other small keys.
pub(crate) type Set<K> = std::collections::HashSet<K, Fast>;

/// The multiplicative hash of the Firefox and rustc code bases ("`FxHash`").
#[derive(Clone, Copy, Default)]
pub(crate) struct FastHasher(u64);

impl Hasher for FastHasher {
    fn write(&mut self, bytes: &[u8]) {
        let (words, rest) = bytes.as_chunks::<8>();
        for word in words {
            self.write_u64(u64::from_le_bytes(*word));
        }
        let (halves, rest) = rest.as_chunks::<4>();
        for half in halves {
            self.write_u64(u32::from_le_bytes(*half).into());
        }
        let last = rest.iter().fold(0, |last, byte| last << 8 | u64::from(*byte));
        self.write_u64(last << 8 | bytes.len() as u64 & 0xff);
    }

    fn write_u8(&mut self, value: u8) {
        self.write_u64(value.into());
    }

    fn write_u32(&mut self, value: u32) {
        self.write_u64(value.into());
    }

    fn write_usize(&mut self, value: usize) {
        self.write_u64(value as u64);
    }

    fn write_u64(&mut self, value: u64) {
        self.0 = (self.0.rotate_left(5) ^ value).wrapping_mul(0x517c_c1b7_2722_0a95);
    }

    fn finish(&self) -> u64 {
        // The best bits are the high ones; tables take the low ones.
        self.0 ^ (self.0 >> 32)
    }
}
