//! Every shape is found by the default portfolio with every seed, and shrinks to the depth that enumeration confirms.

use search::found::{ATTEMPTS, find};
use search::shapes::{Depth, all, deep};

#[test]
fn every_seed_finds_every_shape_and_shrinks_it_to_its_depth() {
    for shape in all() {
        for seed in 0..31 {
            let found = find(shape, seed).unwrap_or_else(|| panic!("{}, seed {seed}: not found", shape.name));
            let Some(shrunk) = found.shrunk else {
                assert!(
                    shape.needs.threads,
                    "{}: only what threads found cannot be shrunk",
                    shape.name
                );
                continue;
            };
            // A schedule does not show which of its steps change places.
            let expected = Depth {
                inversions: 0,
                ..shape.depth
            };
            assert_eq!(
                shrunk.depth, expected,
                "{}, seed {seed}: {}",
                shape.name, shrunk.schedule
            );
            assert!(shrunk.attempts <= ATTEMPTS);
        }
    }
}

/// However many awaits that have nothing to do with it are around.
#[test]
fn every_seed_finds_deep_shapes_among_other_awaits() {
    for shape in deep() {
        for seed in 0..7 {
            assert!(
                find(shape, seed).is_some(),
                "{}, seed {seed}: not found",
                shape.name
            );
        }
    }
}
