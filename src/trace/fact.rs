use std::any::Any;
use std::fmt;
use std::panic::{RefUnwindSafe, UnwindSafe};
use std::sync::Arc;

/// What a fact may be: a trace stays what it is to other threads and to whoever catches panics.
pub(crate) trait Told: Any + Send + Sync + UnwindSafe + RefUnwindSafe {}

impl<T: Any + Send + Sync + UnwindSafe + RefUnwindSafe> Told for T {}

/// What a script of the crate's own knows, beside what its user saw: of any type, and for the oracle that asks for this type.
///
/// Facts are no observations: nothing is searched in them, nothing is compared, and no system under test can make one.
#[derive(Clone)]
pub(crate) struct Fact {
    viewer: usize,
    step: u32,
    /// How many observations there were before.
    place: usize,
    value: Arc<dyn Told>,
}

impl Fact {
    pub(super) fn new(viewer: usize, step: u32, place: usize, value: impl Told) -> Self {
        Self {
            viewer,
            step,
            place,
            value: Arc::new(value),
        }
    }

    /// The index of the user whose script knows it, from 0.
    pub(crate) fn viewer(&self) -> usize {
        self.viewer
    }

    /// The number of the driver's step in which it was told.
    pub(crate) fn step(&self) -> u32 {
        self.step
    }

    /// How many observations of all users there were before.
    pub(crate) fn place(&self) -> usize {
        self.place
    }

    /// The fact, if it is of this type.
    pub(crate) fn get<T: Any>(&self) -> Option<&T> {
        (&*self.value as &dyn Any).downcast_ref()
    }
}

impl fmt::Debug for Fact {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Fact")
            .field("viewer", &self.viewer)
            .field("step", &self.step)
            .finish_non_exhaustive()
    }
}
