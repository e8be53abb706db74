//! Searches every shape of `benches/shapes` with the library: what is found, how soon, how small it gets, whether it
//! replays. And how executions slow down as what they interleave grows.

pub mod check;
pub mod depth;
pub mod fit;
pub mod found;
pub mod growth;
pub mod growth_report;
pub mod heap;
pub mod load;
pub mod numbers;
pub mod planted;
pub mod play;
pub mod plot;
pub mod replays;
pub mod report;
pub mod rt;
mod runners;
#[path = "../../shapes/mod.rs"]
pub mod shapes;
pub mod strategies;
pub mod table;
