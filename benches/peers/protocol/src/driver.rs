use crate::{Tally, Until};

/// One way of executing the shapes, of this crate or of a peer.
pub trait Driver {
    /// The names of its shapes.
    fn shapes(&self) -> Vec<&'static str>;

    /// Why it cannot express a shape, by its place among the names; `None` where it can.
    fn unfit(&self, shape: usize) -> Option<&'static str>;

    /// Executes a shape until it is time to stop. No execution at all where it cannot go on after a leak and is to.
    fn execute(&mut self, shape: usize, seed: u64, until: Until) -> Tally;
}
