//! Searches every shape of `benches/shapes` with the library: what is found, how soon, how small it gets, whether it
//! replays.

pub mod check;
pub mod depth;
pub mod found;
pub mod planted;
pub mod play;
pub mod replays;
pub mod report;
pub mod rt;
#[path = "../../shapes/mod.rs"]
pub mod shapes;
pub mod table;
