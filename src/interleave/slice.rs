use std::fmt;
use std::str::FromStr;

use thiserror::Error;

/// One of several slices of a search: every so many-th of its executions, so that several machines can share one search.
///
/// The slices of a search are disjoint, and together they are the whole.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Slice {
    index: u64,
    of: u64,
}

impl Slice {
    /// Everything.
    pub const WHOLE: Self = Self { index: 0, of: 1 };

    /// Slice number `index` of `of`, from 1. `None` where there is no such slice.
    #[must_use]
    pub fn new(index: u64, of: u64) -> Option<Self> {
        (1..=of).contains(&index).then(|| Self { index: index - 1, of })
    }

    /// Whether the execution of that number is one of the slice.
    #[must_use]
    pub fn has(self, execution: u64) -> bool {
        execution % self.of == self.index
    }
}

impl Default for Slice {
    fn default() -> Self {
        Self::WHOLE
    }
}

impl fmt::Display for Slice {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}/{}", self.index + 1, self.of)
    }
}

/// A text is no slice.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Error)]
#[error("a slice is written as two whole numbers, 1/8 to 8/8")]
pub struct NoSlice;

impl FromStr for Slice {
    type Err = NoSlice;

    fn from_str(text: &str) -> Result<Self, NoSlice> {
        let (index, of) = text.split_once('/').ok_or(NoSlice)?;
        let number = |text: &str| text.trim().parse().map_err(|_| NoSlice);
        Self::new(number(index)?, number(of)?).ok_or(NoSlice)
    }
}

#[cfg(test)]
mod tests {
    use super::{NoSlice, Slice};

    #[test]
    fn slices_are_disjoint_and_together_the_whole() {
        for of in 1..9 {
            let slices: Vec<_> = (1..=of).map(|index| Slice::new(index, of).unwrap()).collect();
            for execution in 0..100 {
                assert_eq!(slices.iter().filter(|slice| slice.has(execution)).count(), 1);
            }
        }
        assert!((0..100).all(|execution| Slice::WHOLE.has(execution)));
    }

    #[test]
    fn a_slice_is_written_as_it_is_read() {
        for text in ["1/1", "3/8", "8/8"] {
            assert_eq!(text.parse::<Slice>().unwrap().to_string(), text);
        }
        for text in ["", "3", "0/8", "9/8", "1/0", "-1/8", "a/b", "1/8/2"] {
            assert_eq!(text.parse::<Slice>(), Err(NoSlice), "{text}");
        }
    }
}
