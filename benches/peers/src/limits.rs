//! How long everything may take.

use protocol::Request;

/// The limits of a run, the same for every peer.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Limits {
    /// How many seeds each shape is searched with.
    pub seeds: u64,
    /// How long a search may take, in milliseconds.
    pub search_millis: u64,
    /// How many executions a search may take.
    pub executions: u64,
    /// After how many seeds a shape that none of them has found is given up.
    pub patience: u64,
    /// How long the executions of a shape are counted for, in milliseconds.
    pub pace_millis: u64,
}

impl Limits {
    /// Those whose figures count: about a quarter of an hour altogether.
    pub const FULL: Self = Self {
        seeds: 31,
        search_millis: 1_000,
        executions: 100_000,
        patience: 5,
        pace_millis: 100,
    };

    /// Enough to see that everything works.
    pub const QUICK: Self = Self {
        seeds: 3,
        search_millis: 200,
        executions: 100_000,
        patience: 1,
        pace_millis: 10,
    };

    /// What to ask of a driver.
    #[must_use]
    pub fn request(&self, way: &str, shapes: &[String]) -> Request {
        Request {
            way: way.to_owned(),
            shapes: shapes.to_vec(),
            seeds: self.seeds,
            search_millis: self.search_millis,
            executions: self.executions,
            patience: self.patience,
            pace_millis: self.pace_millis,
        }
    }
}
