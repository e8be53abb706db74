//! What a peer came to on a shape.

use std::time::Duration;

use protocol::Record;

/// What a peer came to on a shape.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Measured {
    /// The shape's name.
    pub shape: String,
    /// Why the peer cannot express it, where it cannot; then there is nothing else.
    pub unfit: Option<String>,
    /// Executions in a row.
    pub pace: Option<Pace>,
    /// A search for each seed.
    pub searches: Vec<Search>,
}

/// Executions in a row, leaks or not.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Pace {
    /// How many there are in a second.
    pub executions_a_second: f64,
    /// How long a decision takes in nanoseconds, the whole execution divided among them; where they are counted.
    pub nanos_a_decision: Option<f64>,
}

/// A search for the first leak.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Search {
    /// Whether one was found.
    pub found: bool,
    /// Executions up to it, or up to the end.
    pub executions: u64,
    /// How long they took.
    pub time: Duration,
}

/// What a leak costs: all that was spent on searches, divided among those that found one. Where none did, it costs at
/// least what was spent.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Cost {
    /// Executions, or seconds.
    pub amount: f64,
    /// Whether it is only known to be at least as great.
    pub is_least: bool,
}

impl Measured {
    /// Puts together what a driver told, shape by shape, in its order.
    #[must_use]
    pub fn of(records: &[Record]) -> Vec<Self> {
        let mut all: Vec<Self> = Vec::new();
        for record in records {
            let (Record::Unfit { shape, .. } | Record::Pace { shape, .. } | Record::Search { shape, .. }) =
                record
            else {
                continue;
            };
            if let Some(last) = all.last_mut().filter(|last| last.shape == *shape) {
                last.add(record);
            } else {
                let mut first = Self {
                    shape: shape.clone(),
                    ..Self::default()
                };
                first.add(record);
                all.push(first);
            }
        }
        all
    }

    fn add(&mut self, record: &Record) {
        match record {
            Record::Unfit { why, .. } => self.unfit = Some(why.clone()),
            Record::Pace {
                executions,
                nanos,
                decisions,
                ..
            } => {
                let nanos = as_f64(*nanos);
                self.pace = Some(Pace {
                    executions_a_second: as_f64(*executions) / nanos * 1e9,
                    nanos_a_decision: decisions.map(|decisions| nanos / as_f64(decisions)),
                });
            }
            Record::Search {
                found,
                executions,
                nanos,
                ..
            } => self.searches.push(Search {
                found: *found,
                executions: *executions,
                time: Duration::from_nanos(*nanos),
            }),
            Record::Done => {}
        }
    }

    /// How many searches found a leak.
    #[must_use]
    pub fn found(&self) -> usize {
        self.searches.iter().filter(|search| search.found).count()
    }

    /// Whether there were searches, and all found a leak.
    #[must_use]
    pub fn is_found_always(&self) -> bool {
        !self.searches.is_empty() && self.found() == self.searches.len()
    }

    /// Executions up to the first leak, below which so many percent of the searches are; `None` where that one found
    /// nothing.
    #[must_use]
    pub fn executions(&self, percent: usize) -> Option<u64> {
        self.quantile(percent, |search| search.executions)
    }

    /// The same in time.
    #[must_use]
    pub fn time(&self, percent: usize) -> Option<Duration> {
        self.quantile(percent, |search| search.time)
    }

    /// What was not found counts as greater than everything that was.
    fn quantile<T: Ord>(&self, percent: usize, of: impl Fn(&Search) -> T) -> Option<T> {
        let mut found: Vec<T> = self
            .searches
            .iter()
            .filter(|search| search.found)
            .map(of)
            .collect();
        found.sort_unstable();
        let at = (self.searches.len() * percent).div_ceil(100).checked_sub(1)?;
        (at < found.len()).then(|| found.swap_remove(at))
    }

    /// Executions spent on a leak. `None` where nothing was searched.
    #[must_use]
    pub fn executions_a_leak(&self) -> Option<Cost> {
        self.cost(|search| as_f64(search.executions))
    }

    /// Seconds spent on a leak. `None` where nothing was searched.
    #[must_use]
    pub fn seconds_a_leak(&self) -> Option<Cost> {
        self.cost(|search| search.time.as_secs_f64())
    }

    fn cost(&self, of: impl Fn(&Search) -> f64) -> Option<Cost> {
        let spent: f64 = self.searches.iter().map(of).sum();
        let found = self.found();
        (!self.searches.is_empty()).then(|| Cost {
            amount: spent / as_f64(found.max(1) as u64),
            is_least: found == 0,
        })
    }
}

/// Counts are far below 2^52, to which a float is exact.
#[expect(clippy::cast_precision_loss, reason = "counts are far below 2^52")]
pub(crate) fn as_f64(count: u64) -> f64 {
    count as f64
}
