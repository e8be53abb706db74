//! The ways to search: the portfolio, which knows nothing of the shape, and each strategy of it alone, which is told
//! what a portfolio has to try out.

use ssot_harness::interleave::{
    Layout, Mix, Pct, Portfolio, RandomWalk, SparseDeviations, Strategy, UniformWalk,
};

use crate::shapes::Shape;

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
    ///
    /// A single one has drops, late timers and await budgets mixed in where the shape needs one of them, and only
    /// there, and keeps to the layout that it needs: the best that somebody could choose who knows the fault.
    pub(crate) fn strategy(self, shape: &Shape, seed: u64) -> Box<dyn Strategy> {
        match self {
            Self::Portfolio => Box::new(Portfolio::new(seed, u64::MAX, LATE)),
            Self::RandomWalk => alone(RandomWalk::new(seed), shape, seed),
            Self::UniformWalk => alone(UniformWalk::new(seed), shape, seed),
            Self::Pct(depth) => alone(Pct::new(seed, depth), shape, seed),
            Self::Sparse => alone(SparseDeviations::new(seed, 4), shape, seed),
        }
    }

    /// The layout of an execution, where the strategy wants none.
    pub(crate) fn layout(shape: &Shape) -> Layout {
        if shape.depth.inversions > 0 {
            Layout::PerPoll
        } else {
            Layout::One
        }
    }
}

fn alone(base: impl Strategy + 'static, shape: &Shape, seed: u64) -> Box<dyn Strategy> {
    let depth = shape.depth;
    if depth.drops > 0 || depth.late_timers > 0 || depth.ready_awaits > 0 {
        Box::new(Mix::new(base, seed, LATE))
    } else {
        Box::new(base)
    }
}
