//! What does not do the same twice is said not to.

use search::planted::{Planted, is_named};

/// How many checks there are of each kind that passes, and of each that fails.
const CHECKS: u64 = 1_000;

#[test]
fn planted_nondeterminism_is_named() {
    for planted in Planted::ALL {
        for leaks in [false, true] {
            let named = (0..CHECKS).filter(|&seed| is_named(planted, leaks, seed)).count() as u64;
            println!("{planted:?}, leaks {leaks}: {named} of {CHECKS}");
            assert!(
                named * 100 >= CHECKS * 99,
                "{planted:?}, leaks {leaks}: {named} of {CHECKS}"
            );
        }
    }
}
