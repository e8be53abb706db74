//! The ways to search: the portfolio, and each strategy of it alone.

use ssot_harness::interleave::{
    Pct, Perturbed, Portfolio, RandomWalk, SparseDeviations, Strategy, UniformWalk,
};

use crate::shapes::Shape;
use crate::single::{Knowledge, Single};

/// How late a timer may be, in milliseconds, where a check says nothing else.
const LATE: u16 = 10;

/// A way to search.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Way {
    Portfolio,
    RandomWalk,
    UniformWalk,
    Pct(usize),
    Sparse,
}

impl Way {
    /// The way of this name.
    pub(crate) fn of(name: &str) -> Option<Self> {
        Some(match name {
            "portfolio" => Self::Portfolio,
            "random walk" => Self::RandomWalk,
            "uniform walk" => Self::UniformWalk,
            "pct 2" => Self::Pct(2),
            "pct 3" => Self::Pct(3),
            "pct 4" => Self::Pct(4),
            "sparse" => Self::Sparse,
            _ => return None,
        })
    }

    /// A strategy of its own for one search.
    pub(crate) fn strategy(self, knowledge: Knowledge, shape: &Shape, seed: u64) -> Box<dyn Strategy> {
        let single = |base: &dyn Fn() -> Box<dyn Strategy>| -> Box<dyn Strategy> {
            Box::new(Single::new(
                base(),
                Perturbed::new(base(), seed, LATE),
                knowledge,
                shape,
                seed,
            ))
        };
        match self {
            Self::Portfolio => Box::new(Portfolio::new(seed, u64::MAX, LATE)),
            Self::RandomWalk => single(&|| Box::new(RandomWalk::new(seed))),
            Self::UniformWalk => single(&|| Box::new(UniformWalk::new(seed))),
            Self::Pct(depth) => single(&|| Box::new(Pct::new(seed, depth))),
            Self::Sparse => single(&|| Box::new(SparseDeviations::new(seed, 4))),
        }
    }
}
