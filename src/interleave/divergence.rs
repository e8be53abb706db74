use std::fmt;

/// Where a schedule stopped fitting the execution that it was to steer.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Divergence {
    pub(crate) step: usize,
    pub(crate) reason: String,
}

impl Divergence {
    /// The number of the decision that did not fit, from 1.
    #[must_use]
    pub fn step(&self) -> usize {
        self.step
    }

    /// Why it did not.
    #[must_use]
    pub fn reason(&self) -> &str {
        &self.reason
    }
}

impl fmt::Display for Divergence {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(
            f,
            "the schedule does not fit at step {}: {}",
            self.step, self.reason
        )
    }
}
