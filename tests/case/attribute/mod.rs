//! What the attribute `test` makes of functions, and which functions it refuses.

mod bodies;
mod compiled;
mod failing;
mod options;
mod refused;
mod runs;
mod shapes;
mod stacking;

/// Under another name, as a crate that wraps the harness would give it.
use ssot_harness as wrapped;
