//! No replay does anything else than the execution it replays. `SSOT_REPLAYS` says how many there are.

use search::replays::replays;

#[test]
fn no_replay_diverges() {
    let count = std::env::var("SSOT_REPLAYS").map_or(20_000, |count| count.parse().expect("a number"));
    let tally = replays(count);
    // Some shapes have fewer schedules than their share.
    assert!(tally.replayed > count / 2, "{}", tally.replayed);
    assert!(
        tally.diverged.is_empty(),
        "{} of {}: {:#?}",
        tally.diverged.len(),
        tally.replayed,
        &tally.diverged[..tally.diverged.len().min(20)]
    );
}
