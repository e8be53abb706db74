/// Draws whose call is cut off, and when: for the drivers that have no drops of their own.
///
/// As somebody would write it who tests for this by hand: somebody at random is aborted after a few turns of a task
/// that does nothing else.
#[derive(Clone, Debug)]
pub struct Canceller(u64);

/// No shape has more awaits than this before its calls are answered, those with timers aside.
const MOST_TURNS: u64 = 8;

impl Canceller {
    /// Draws from a seed and the number of the execution.
    #[must_use]
    pub fn new(seed: u64, execution: u64) -> Self {
        Self(mix(seed ^ mix(execution.wrapping_add(0x9e37_79b9_7f4a_7c15))))
    }

    /// Who is cut off next, of so many.
    pub fn victim(&mut self, users: usize) -> usize {
        usize::try_from(self.next() % users as u64).unwrap_or(0)
    }

    /// How many turns to let pass before.
    pub fn turns(&mut self) -> u64 {
        self.next() % MOST_TURNS
    }

    fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        mix(self.0)
    }
}

/// The finaliser of `SplitMix64` (Steele, Lea, Flood, "Fast splittable pseudorandom number generators", 2014).
fn mix(mut z: u64) -> u64 {
    z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
    z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
    z ^ (z >> 31)
}
