use crate::{Tally, Until};

/// One of the shapes that every driver has, in the same order.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Entry {
    /// What it is called.
    pub name: &'static str,
    /// Whether it has no fault. Then it is searched only where it is asked for by name.
    pub is_sound: bool,
}

/// One way of executing the shapes, of this crate or of a peer.
pub trait Driver {
    /// Why it cannot express a shape, by its place among the entries; `None` where it can.
    fn unfit(&self, shape: usize) -> Option<&'static str>;

    /// Executes a shape until it is time to stop. No execution at all where it cannot go on after a leak and is to.
    fn execute(&mut self, shape: usize, seed: u64, until: Until) -> Tally;
}
