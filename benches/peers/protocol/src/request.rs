use serde::{Deserialize, Serialize};

/// What a driver is to do: the one argument of its program, as JSON.
#[derive(Clone, Debug, Serialize, Deserialize, PartialEq, Eq)]
pub struct Request {
    /// Which of the driver's ways to search.
    pub way: String,
    /// The shapes, by name; where there is none, all, and those without a fault are not searched.
    pub shapes: Vec<String>,
    /// How many seeds each shape is searched with, from 0; 0 leaves the searches out.
    pub seeds: u64,
    /// How long a search may take, in milliseconds.
    pub search_millis: u64,
    /// How many executions a search may take.
    pub executions: u64,
    /// After how many seeds a shape that none of them has found is given up.
    pub patience: u64,
    /// How long a shape's executions are counted for, in milliseconds.
    pub pace_millis: u64,
}
