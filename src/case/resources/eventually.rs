use std::fmt;
use std::time::Duration;

use thiserror::Error;
use tokio::time::{self, Instant};

use crate::composed::composed;

/// How long to wait after the first attempt, and at the most after any.
const FIRST: Duration = Duration::from_millis(1);
const LONGEST: Duration = Duration::from_millis(50);

/// What an attempt may come to: `bool`, `Option`, or `Result` with a reason.
pub trait Probe {
    /// The value once it holds.
    type Held;

    /// It, or the reason why it does not hold yet.
    ///
    /// # Errors
    ///
    /// The reason.
    fn held(self) -> Result<Self::Held, String>;
}

impl Probe for bool {
    type Held = ();

    fn held(self) -> Result<(), String> {
        if self {
            Ok(())
        } else {
            Err(composed("it is false").to_owned())
        }
    }
}

impl<T> Probe for Option<T> {
    type Held = T;

    fn held(self) -> Result<T, String> {
        self.ok_or_else(|| composed("it is None").to_owned())
    }
}

impl<T, E: fmt::Display> Probe for Result<T, E> {
    type Held = T;

    fn held(self) -> Result<T, String> {
        self.map_err(|error| error.to_string())
    }
}

/// A condition that did not hold within its time.
#[derive(Clone, Debug, PartialEq, Eq, Error)]
#[error("{}{last}", composed(format!("it did not hold within {within:?}, in {attempts}: ")))]
pub struct NeverHeld {
    within: Duration,
    attempts: Attempts,
    last: String,
}

impl NeverHeld {
    /// The reason that the last attempt gave that came to its end.
    #[must_use]
    pub fn reason(&self) -> &str {
        &self.last
    }

    /// How often it was tried.
    #[must_use]
    pub fn attempts(&self) -> u64 {
        self.attempts.0
    }
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
struct Attempts(u64);

impl fmt::Display for Attempts {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.0 {
            1 => f.write_str("1 attempt"),
            n => write!(f, "{n} attempts"),
        }
    }
}

/// Tries `probe` until it holds, by tokio's clock.
pub(in crate::case) async fn eventually<P, F>(within: Duration, mut probe: F) -> Result<P::Held, NeverHeld>
where
    P: Probe,
    F: AsyncFnMut() -> P,
{
    let deadline = Instant::now() + within;
    let mut pause = FIRST;
    let mut attempts = 0;
    let mut last = None;
    loop {
        attempts += 1;
        let Ok(attempt) = time::timeout_at(deadline, probe()).await else {
            let unfinished = match last {
                Some(reason) => reason + composed(" (before the last attempt, which did not end)"),
                None => composed("the first attempt did not end").to_owned(),
            };
            return Err(NeverHeld {
                within,
                attempts: Attempts(attempts),
                last: unfinished,
            });
        };
        match attempt.held() {
            Ok(held) => return Ok(held),
            Err(reason) if Instant::now() + pause > deadline => {
                return Err(NeverHeld {
                    within,
                    attempts: Attempts(attempts),
                    last: reason,
                });
            }
            Err(reason) => last = Some(reason),
        }
        time::sleep(pause).await;
        pause = (pause * 2).min(LONGEST);
    }
}
