//! The tables, and the comparison meant for this folder's README.

mod cells;
mod everything;
mod goals;
mod left_out;
mod ratios;
mod results;
mod whole;

pub use results::Results;
pub use whole::report;
