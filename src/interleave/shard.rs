use std::fmt;
use std::str::FromStr;

use thiserror::Error;

/// One of several shards of a search: every so many-th of its executions, so that several machines can share one search.
///
/// The shards of a search are disjoint, and together they are the whole.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Shard {
    index: u64,
    of: u64,
}

impl Shard {
    /// Everything.
    pub const WHOLE: Self = Self { index: 0, of: 1 };

    /// Shard number `index` of `of`, from 1. `None` where there is no such shard.
    #[must_use]
    pub fn new(index: u64, of: u64) -> Option<Self> {
        (1..=of).contains(&index).then(|| Self { index: index - 1, of })
    }

    /// Whether the execution of that number is one of the shard.
    #[must_use]
    pub fn has(self, execution: u64) -> bool {
        execution % self.of == self.index
    }
}

impl Default for Shard {
    fn default() -> Self {
        Self::WHOLE
    }
}

impl fmt::Display for Shard {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}/{}", self.index + 1, self.of)
    }
}

/// A text is no shard.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Error)]
#[error("a shard is written as two whole numbers, 1/8 to 8/8")]
pub struct InvalidShard;

impl FromStr for Shard {
    type Err = InvalidShard;

    fn from_str(text: &str) -> Result<Self, InvalidShard> {
        let (index, of) = text.split_once('/').ok_or(InvalidShard)?;
        let number = |text: &str| text.trim().parse().map_err(|_| InvalidShard);
        Self::new(number(index)?, number(of)?).ok_or(InvalidShard)
    }
}

#[cfg(test)]
mod tests {
    use super::{InvalidShard, Shard};

    #[test]
    fn shards_are_disjoint_and_together_the_whole() {
        for of in 1..9 {
            let shards: Vec<_> = (1..=of).map(|index| Shard::new(index, of).unwrap()).collect();
            for execution in 0..100 {
                assert_eq!(shards.iter().filter(|shard| shard.has(execution)).count(), 1);
            }
        }
        assert!((0..100).all(|execution| Shard::WHOLE.has(execution)));
    }

    #[test]
    fn a_shard_is_written_as_it_is_read() {
        for text in ["1/1", "3/8", "8/8"] {
            assert_eq!(text.parse::<Shard>().unwrap().to_string(), text);
        }
        for text in ["", "3", "0/8", "9/8", "1/0", "-1/8", "a/b", "1/8/2"] {
            assert_eq!(text.parse::<Shard>(), Err(InvalidShard), "{text}");
        }
    }
}
