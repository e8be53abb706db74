/// How much preemptions and dropped calls make a schedule harder to read, and less likely to come first.
///
/// A drop counts for one and a half preemptions, so that every schedule with one preemption comes before those with
/// one drop, and those before the ones with two preemptions.
pub(super) fn weight(preemptions: u32, drops: u32) -> u32 {
    2 * preemptions + 3 * drops
}
