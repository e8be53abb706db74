//! How soon each strategy finds each shape by itself, beside the portfolio of all of them.

use ssot_harness::interleave::{
    Pct, Portfolio, RandomWalk, RuntimeTopology, SelectiveWalk, SparseDeviations, Strategy, UniformWalk,
};

use crate::found::{LATE, needs_nothing_else};
use crate::play::Stand;
use crate::shapes::{all, deep};
use crate::table::Table;

/// One strategy by itself, and what it is called.
type Single = (&'static str, fn(u64) -> Box<dyn Strategy>);

const SINGLES: [Single; 7] = [
    ("random", |seed| Box::new(RandomWalk::new(seed))),
    ("uniform", |seed| Box::new(UniformWalk::new(seed))),
    ("selective", |seed| Box::new(SelectiveWalk::new(seed))),
    ("pct(2)", |seed| Box::new(Pct::new(seed, 2))),
    ("pct(3)", |seed| Box::new(Pct::new(seed, 3))),
    ("pct(4)", |seed| Box::new(Pct::new(seed, 4))),
    ("sparse(4)", |seed| Box::new(SparseDeviations::new(seed, 4))),
];

/// Every shape that takes nothing but an order, each with so many seeds: the median of the executions up to the first leak, of at most
/// `most`, and by how much the portfolio takes longer than the best of the others.
#[must_use]
pub fn strategies(seeds: u64, most: u64) -> Table {
    let names = SINGLES.map(|(name, _)| name);
    let columns = ["shape"].into_iter().chain(names).chain(["portfolio", "ratio"]);
    let mut table = Table::new(&columns.collect::<Vec<_>>());
    for shape in all().into_iter().chain(deep()).filter(needs_nothing_else) {
        let mut stand = Stand::new(shape);
        let singles = SINGLES.map(|(_, make)| Found::of(seeds, |seed| alone(&mut stand, make(seed), most)));
        let together = Found::of(seeds, |seed| {
            first_leak(&mut stand, Portfolio::new(seed, most, LATE))
        });
        let best = singles.iter().filter_map(Found::median).min();
        let ratio = together.median().zip(best).map(|(together, best)| {
            let [together, best] =
                [together, best].map(|count| f64::from(u32::try_from(count).unwrap_or(u32::MAX)));
            format!("{:.1}", together / best)
        });
        let mut row = vec![shape.name.to_owned()];
        row.extend(singles.iter().chain([&together]).map(Found::in_words));
        row.push(ratio.unwrap_or_else(|| "-".to_owned()));
        table.push(row);
    }
    table
}

/// In how many executions each seed found the leak, those that did not last.
struct Found(Vec<Option<u64>>);

impl Found {
    fn of(seeds: u64, find: impl FnMut(u64) -> Option<u64>) -> Self {
        let mut all: Vec<_> = (0..seeds).map(find).collect();
        all.sort_unstable_by_key(|found| found.unwrap_or(u64::MAX));
        Self(all)
    }

    /// `None` where half of the seeds did not find it.
    fn median(&self) -> Option<u64> {
        self.0[self.0.len() / 2]
    }

    fn in_words(&self) -> String {
        let found = self.0.iter().flatten().count();
        match self.median() {
            Some(median) if found == self.0.len() => median.to_string(),
            Some(median) => format!("{median} ({found} of {})", self.0.len()),
            None => format!("({found} of {})", self.0.len()),
        }
    }
}

/// One strategy by itself takes turns among the topologies where tasks are spawned, as the portfolio does.
fn alone(stand: &mut Stand, mut strategy: Box<dyn Strategy>, most: u64) -> Option<u64> {
    let facts = stand.facts().clone();
    strategy.hear_marks(stand.marks());
    for execution in 1..=most {
        let topology = if facts.spawns {
            RuntimeTopology::ALL[usize::try_from(execution % 3).unwrap_or(0)]
        } else {
            RuntimeTopology::One
        };
        strategy.begin(&facts);
        if stand.play(topology, &mut *strategy).leaks() {
            return Some(execution);
        }
    }
    None
}

fn first_leak(stand: &mut Stand, mut portfolio: Portfolio) -> Option<u64> {
    let facts = stand.facts().clone();
    portfolio.hear_marks(stand.marks());
    while portfolio.begin(&facts) {
        let topology = portfolio.layout().unwrap_or(RuntimeTopology::One);
        if stand.play(topology, &mut portfolio).leaks() {
            return Some(portfolio.execution());
        }
    }
    None
}
