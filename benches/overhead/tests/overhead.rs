//! Calls two empty tests in turn, many times, and prints what the one costs more than the other.
//!
//! `cargo test --release --manifest-path benches/overhead/Cargo.toml -- --nocapture`

use std::time::{Duration, Instant};

const ROUNDS: usize = 200;
const CALLS: u32 = 50;

#[tokio::test]
async fn tokios() {}

#[ssot_harness::test]
async fn ours() {}

fn time(call: impl Fn()) -> Duration {
    let begun = Instant::now();
    for _ in 0..CALLS {
        call();
    }
    begun.elapsed() / CALLS
}

#[test]
fn overhead() {
    let mut pairs: Vec<(Duration, Duration)> = (0..ROUNDS)
        .map(|_| (time(tokios), time(|| ours().expect("it is empty"))))
        .collect();
    let median = |times: &mut Vec<Duration>| {
        times.sort();
        times[times.len() / 2]
    };
    let mut tokios: Vec<_> = pairs.iter().map(|(tokio, _)| *tokio).collect();
    let mut ours: Vec<_> = pairs.iter().map(|(_, ours)| *ours).collect();
    let mut more: Vec<_> = pairs
        .drain(..)
        .map(|(tokio, ours)| ours.saturating_sub(tokio))
        .collect();
    println!(
        "tokio {:?}, ours {:?}, overhead {:?} a test (medians of {ROUNDS} pairs of {CALLS} calls)",
        median(&mut tokios),
        median(&mut ours),
        median(&mut more),
    );
}
