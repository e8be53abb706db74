use crate::Dice;

/// Draws whose call is cut off, and when: for the drivers that have no drops of their own.
///
/// As somebody would write it who tests for this by hand: somebody at random is aborted after a few turns of a task
/// that does nothing else.
#[derive(Clone, Debug)]
pub struct Canceller(Dice);

/// No shape has more awaits than this before its calls are answered, those with timers aside.
const MOST_TURNS: usize = 8;

impl Canceller {
    /// Draws from a seed and the number of the execution.
    #[must_use]
    pub fn new(seed: u64, execution: u64) -> Self {
        Self(Dice::new(seed, execution))
    }

    /// Who is cut off next, of so many.
    pub fn victim(&mut self, users: usize) -> usize {
        self.0.below(users)
    }

    /// How many turns to let pass before.
    pub fn turns(&mut self) -> usize {
        self.0.below(MOST_TURNS)
    }
}
