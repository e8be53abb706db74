/// `SplitMix64` (Steele, Lea, Flood, "Fast splittable pseudorandom number generators", 2014): what a driver has to draw
/// by itself.
#[derive(Clone, Debug)]
pub struct Dice(u64);

impl Dice {
    /// Draws from a seed and the number of the execution.
    #[must_use]
    pub fn new(seed: u64, execution: u64) -> Self {
        Self(mix(seed ^ mix(execution.wrapping_add(0x9e37_79b9_7f4a_7c15))))
    }

    /// A number below `bound`.
    ///
    /// # Panics
    ///
    /// Where that is 0.
    pub fn below(&mut self, bound: usize) -> usize {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        usize::try_from(mix(self.0) % bound as u64).expect("it is below a number of that type")
    }
}

fn mix(mut z: u64) -> u64 {
    z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
    z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
    z ^ (z >> 31)
}
