//! Systems that do not do the same twice, each for another reason, and whether a check of them says so.

use std::cell::Cell;
use std::collections::HashMap;
use std::sync::{Mutex, PoisonError};
use std::time::{Duration, SystemTime};

use ssot_harness::prelude::*;
use tokio::task::{spawn_blocking, yield_now};

/// What changes from run to run although the schedule does not.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Planted {
    /// The order of a `HashMap`, which `RandomState` draws.
    HashOrder,
    /// Which branch `select!` looks at first.
    Select,
    /// How long a thread of tokio's pool takes.
    Blocking,
    /// The time of day.
    WallClock,
    /// What the execution before left in a thread-local.
    ThreadLocal,
}

impl Planted {
    /// Every one.
    pub const ALL: [Self; 5] = [
        Self::HashOrder,
        Self::Select,
        Self::Blocking,
        Self::WallClock,
        Self::ThreadLocal,
    ];

    async fn show(self) -> String {
        match self {
            Self::HashOrder => {
                let map: HashMap<u32, u32> = (0..6).map(|key| (key, key)).collect();
                format!("{:?}", map.keys().collect::<Vec<_>>())
            }
            Self::Select => {
                let chosen = tokio::select! {
                    () = async {} => "the first",
                    () = async {} => "the second",
                };
                chosen.to_owned()
            }
            Self::Blocking => {
                let task = spawn_blocking(|| std::hint::black_box((0..2_000_u64).sum::<u64>()));
                let mut turns = 0;
                while !task.is_finished() && turns < 200 {
                    turns += 1;
                    yield_now().await;
                }
                turns.to_string()
            }
            Self::WallClock => format!("{:?}", SystemTime::now()),
            Self::ThreadLocal => {
                thread_local!(static CALLS: Cell<u64> = const { Cell::new(0) });
                CALLS.set(CALLS.get() + 1);
                CALLS.get().to_string()
            }
        }
    }
}

/// Whether a check says of such a system that it does not do the same twice; `leaks` where its users' tokens get mixed
/// up as well.
#[must_use]
pub fn is_named(planted: Planted, leaks: bool, seed: u64) -> bool {
    let verdict = isolation(async || Mutex::new(String::new()))
        .users(2, async move |user: &User, slot: &Mutex<String>| {
            let put = |text: String| {
                let mut slot = slot.lock().unwrap_or_else(PoisonError::into_inner);
                *slot = text;
            };
            let token = user.secret("token");
            put(token.clone());
            yield_now().await;
            user.saw(Surface::Row, &planted.show().await);
            let current = slot.lock().unwrap_or_else(PoisonError::into_inner).clone();
            user.saw(Surface::Reply, if leaks { &current } else { &token });
            Ok(())
        })
        .executions(100)
        .within(Duration::from_secs(600))
        .without_solo_comparison()
        .without_regressions()
        .seed(seed)
        .check();
    match verdict {
        Ok(report) => report
            .caveats()
            .iter()
            .any(|caveat| caveat.starts_with("nondeterministic")),
        Err(failure) => failure.is_nondeterministic() || failure.is_best_effort(),
    }
}
