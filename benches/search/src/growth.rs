//! How executions slow down as what they interleave grows, along one axis at a time.

use std::time::Duration;

use ssot_harness::interleave::{Portfolio, RandomWalk, RuntimeTopology};

use crate::load::{Bare, Load, Spent};
use crate::runners::{Checks, Runner, SoloRuns};

/// How late a timer may be, in milliseconds, where a check says nothing else.
const LATE: u16 = 10;

/// How often each point is measured; the median counts. They take turns, so that what disturbs the machine for a while
/// disturbs them all.
const ROUNDS: usize = 7;

/// What there is more and more of.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Axis {
    /// Users, with 4 awaits each.
    Users,
    /// Awaits of each of 3 users.
    Steps,
    /// Tasks that 3 users with 4 awaits spawn, shared out among them.
    Tasks,
}

impl Axis {
    /// Every one.
    pub const ALL: [Self; 3] = [Self::Users, Self::Steps, Self::Tasks];

    /// What it counts.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::Users => "users",
            Self::Steps => "steps",
            Self::Tasks => "tasks",
        }
    }

    /// What it counts, in full.
    #[must_use]
    pub fn label(self) -> &'static str {
        match self {
            Self::Users => "users, 4 awaits each",
            Self::Steps => "awaits of each of 3 users",
            Self::Tasks => "tasks spawned by 3 users of 4 awaits each",
        }
    }

    /// The sizes that are measured, ascending.
    #[must_use]
    pub fn sizes(self) -> &'static [u32] {
        match self {
            Self::Users => &[2, 3, 8, 32, 128, 1_024],
            Self::Steps => &[4, 10, 30, 100, 300, 1_000],
            Self::Tasks => &[0, 1, 10, 100, 1_000],
        }
    }

    fn ways(self) -> &'static [Way] {
        match self {
            Self::Users | Self::Steps => &[Way::Walk, Way::Portfolio, Way::Check, Way::Alone],
            Self::Tasks => &Way::ALL,
        }
    }

    fn load(self, size: u32) -> Load {
        let size = size as usize;
        let usual = Load {
            users: 3,
            awaits: 4,
            tasks: 0,
        };
        match self {
            Self::Users => Load { users: size, ..usual },
            Self::Steps => Load {
                awaits: size,
                ..usual
            },
            Self::Tasks => Load { tasks: size, ..usual },
        }
    }
}

/// What runs the executions.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Way {
    /// The driver, by a random walk on one runtime: what grows here is the driver's own.
    Walk,
    /// The same with a runtime for every poll that spawns.
    WalkPerPoll,
    /// The driver, by the default portfolio, which draws its topologies.
    Portfolio,
    /// A whole check, with observations and oracles: its executions with company.
    Check,
    /// The solo runs before those, of which every user has two.
    Alone,
}

impl Way {
    /// Every one.
    pub const ALL: [Self; 5] = [
        Self::Walk,
        Self::WalkPerPoll,
        Self::Portfolio,
        Self::Check,
        Self::Alone,
    ];

    /// What it is called in a table.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::Walk => "random walk",
            Self::WalkPerPoll => "walk, a runtime a poll",
            Self::Portfolio => "portfolio",
            Self::Check => "whole check",
            Self::Alone => "its solo runs",
        }
    }

    fn runner(self, load: Load) -> Box<dyn Runner> {
        let walk = RandomWalk::new(1);
        match self {
            Self::Walk => Box::new(Bare::new(load, walk, RuntimeTopology::One)),
            Self::WalkPerPoll => Box::new(Bare::new(load, walk, RuntimeTopology::PerPoll)),
            Self::Portfolio => Box::new(Bare::new(
                load,
                Portfolio::new(1, u64::MAX, LATE),
                RuntimeTopology::One,
            )),
            Self::Check => Box::new(Checks::new(load)),
            Self::Alone => Box::new(SoloRuns::new(load)),
        }
    }
}

/// What an execution of one size takes, one way: medians.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Point {
    /// How much there is along the axis.
    pub size: u32,
    /// Time of an execution, in nanoseconds.
    pub nanos: f64,
    /// Decisions of an execution, on average.
    pub decisions: f64,
    /// Bytes that an execution allocates, on average.
    pub bytes: f64,
    /// Bytes that were live at once at the most: within the largest of some executions, or in a whole check of so many.
    pub peak: u64,
}

impl Point {
    /// Time of a decision, in nanoseconds.
    #[must_use]
    pub fn nanos_a_decision(&self) -> f64 {
        self.nanos / self.decisions
    }

    /// Bytes that are allocated for a decision.
    #[must_use]
    pub fn bytes_a_decision(&self) -> f64 {
        self.bytes / self.decisions
    }
}

/// One way along one axis.
#[derive(Clone, Debug)]
pub struct Series {
    /// Along what.
    pub axis: Axis,
    /// By what.
    pub way: Way,
    /// By size, ascending.
    pub points: Vec<Point>,
}

/// Measures every size along every axis, each time for about this long.
#[must_use]
pub fn growth(shard: Duration) -> Vec<Series> {
    growth_of(shard, |_| true)
}

/// The same for those sizes only that are wanted.
#[must_use]
pub fn growth_of(shard: Duration, wanted: impl Fn(u32) -> bool) -> Vec<Series> {
    let mut stations = Vec::new();
    for axis in Axis::ALL {
        for &way in axis.ways() {
            for &size in axis.sizes().iter().filter(|&&size| wanted(size)) {
                stations.push(Station::new(axis, way, size));
            }
        }
    }
    for _ in 0..ROUNDS {
        for station in &mut stations {
            let spent = station.runner.run_for(shard);
            station.spent.push(spent);
        }
    }
    let mut all: Vec<Series> = Vec::new();
    for mut station in stations {
        let (axis, way) = (station.axis, station.way);
        let point = station.point();
        match all.last_mut() {
            Some(series) if series.axis == axis && series.way == way => series.points.push(point),
            _ => all.push(Series {
                axis,
                way,
                points: vec![point],
            }),
        }
    }
    all
}

/// A point that is being measured.
struct Station {
    axis: Axis,
    way: Way,
    size: u32,
    runner: Box<dyn Runner>,
    spent: Vec<Spent>,
}

impl Station {
    fn new(axis: Axis, way: Way, size: u32) -> Self {
        Self {
            axis,
            way,
            size,
            runner: way.runner(axis.load(size)),
            spent: Vec::new(),
        }
    }

    fn point(&mut self) -> Point {
        let (counted, heap) = self.runner.counted();
        let mut nanos: Vec<f64> = self
            .spent
            .iter()
            .map(|spent| spent.time.as_secs_f64() * 1e9 / float(spent.executions))
            .collect();
        nanos.sort_by(f64::total_cmp);
        let (executions, decisions) = self.spent.iter().fold((0, 0), |(executions, decisions), spent| {
            (executions + spent.executions, decisions + spent.decisions)
        });
        Point {
            size: self.size,
            nanos: nanos[nanos.len() / 2],
            decisions: float(decisions) / float(executions),
            bytes: float(counted.bytes) / float(counted.executions),
            peak: heap.peak,
        }
    }
}

/// Counts are far from where a float has gaps.
#[expect(
    clippy::cast_precision_loss,
    reason = "no count here comes near to 2 to the power of 52"
)]
fn float(count: u64) -> f64 {
    count as f64
}
