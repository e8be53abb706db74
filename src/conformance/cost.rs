use std::fmt;
use std::future::poll_fn;
use std::pin::pin;
use std::sync::{Arc, Mutex, PoisonError};
use std::task::Poll;

use indexmap::IndexMap;
use serde::Serialize;
use thiserror::Error;
use tokio::sync::oneshot;

use crate::isolation::ScriptResult;
use crate::trace::{Recorder, Surface, User};
use crate::user::Population;

/// Counts what a system does while its cost is measured: model calls, queries, whatever costs.
///
/// A clone counts for the same profile.
#[derive(Clone, Default)]
pub struct Meter(Arc<Mutex<Readings>>);

#[derive(Default)]
struct Readings {
    counts: IndexMap<String, u64>,
    counters: Vec<Counter>,
}

/// A counter of the program, with what it said before.
struct Counter {
    name: String,
    read: fn() -> u64,
    before: u64,
}

impl Meter {
    /// Counts one more of what has this name.
    pub fn count(&self, name: &str) {
        self.with(|readings| *readings.counts.entry(name.to_owned()).or_default() += 1);
    }

    /// Takes up how far a counter of the program moves from now on, such as that of an allocator that counts.
    pub fn watch(&self, name: &str, counter: fn() -> u64) {
        let watched = Counter {
            name: name.to_owned(),
            read: counter,
            before: counter(),
        };
        self.with(|readings| readings.counters.push(watched));
    }

    fn with<T>(&self, work: impl FnOnce(&mut Readings) -> T) -> T {
        work(&mut self.0.lock().unwrap_or_else(PoisonError::into_inner))
    }
}

impl fmt::Debug for Meter {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.with(|readings| f.debug_tuple("Meter").field(&readings.counts).finish())
    }
}

/// What one run of a script by one user costs, by name: polls of the script, what the user saw on each surface, virtual milliseconds, and
/// what a [`Meter`] counted. The same system and script cost the same each time, so that a profile can be a snapshot.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[serde(transparent)]
pub struct CostProfile {
    costs: IndexMap<String, u64>,
}

/// Measures what a script costs on a system, with one user, on a runtime whose clock moves only while everybody waits.
///
/// `build` gets the [`Meter`], for what the system is made of to count by.
///
/// ```
/// use ssot_harness::conformance::{Meter, cost_profile};
/// use ssot_harness::prelude::*;
///
/// struct Desk(Meter);
///
/// impl Desk {
///     async fn ask(&self, prompt: &str) -> String {
///         self.0.count("model calls");
///         tokio::task::yield_now().await;
///         prompt.to_owned()
///     }
/// }
///
/// let script = async |user: &User, desk: &Desk| {
///     user.saw(Surface::Reply, &desk.ask("what do I owe?").await);
///     Ok(())
/// };
/// # tokio::runtime::Runtime::new().unwrap().block_on(async {
/// let cost = cost_profile(async |meter: &Meter| Desk(meter.clone()), script).await?;
/// assert_eq!((cost.get("model calls"), cost.get("polls"), cost.get("reply")), (1, 2, 1));
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// # }).unwrap();
/// ```
///
/// It is measured on a thread of its own, so that the caller may be within any runtime.
///
/// # Errors
///
/// Returns an error if the script fails, or if it or `build` panics.
pub async fn cost_profile<S: 'static>(
    build: impl AsyncFnOnce(&Meter) -> S + Send + 'static,
    script: impl AsyncFnOnce(&User, &S) -> ScriptResult + Send + 'static,
) -> Result<CostProfile, CostError> {
    // On a thread of its own, as the caller may be within a runtime.
    let (done, measured) = oneshot::channel();
    std::thread::spawn(move || {
        let cost = measured_here(build, script);
        // Nobody waits for it where the caller was dropped.
        drop(done.send(cost));
    });
    // A thread that panicked has dropped its end.
    measured.await.unwrap_or(Err(CostError::Panicked))
}

fn measured_here<S>(
    build: impl AsyncFnOnce(&Meter) -> S,
    script: impl AsyncFnOnce(&User, &S) -> ScriptResult,
) -> Result<CostProfile, CostError> {
    let runtime = tokio::runtime::Builder::new_current_thread()
        .enable_all()
        .start_paused(true)
        .build()
        .map_err(|error| CostError::Script(error.to_string()))?;
    runtime.block_on(measure(build, script))
}

async fn measure<S>(
    build: impl AsyncFnOnce(&Meter) -> S,
    script: impl AsyncFnOnce(&User, &S) -> ScriptResult,
) -> Result<CostProfile, CostError> {
    let (meter, recorder) = (Meter::default(), Recorder::new(Arc::default()));
    let user = User::new(Population::draw(0, 1), 0, &recorder);
    let system = build(&meter).await;
    let begun = tokio::time::Instant::now();
    let mut polls = 0;
    {
        let mut running = pin!(script(&user, &system));
        let ended = poll_fn(|cx| {
            polls += 1;
            match running.as_mut().poll(cx) {
                Poll::Ready(ended) => Poll::Ready(ended.map_err(|error| error.to_string())),
                Poll::Pending => Poll::Pending,
            }
        });
        ended.await.map_err(CostError::Script)?;
    }
    let mut costs = IndexMap::from([("polls".to_owned(), polls)]);
    let milliseconds = begun.elapsed().as_millis();
    costs.insert(
        "virtual ms".to_owned(),
        u64::try_from(milliseconds).unwrap_or(u64::MAX),
    );
    for surface in Surface::ALL {
        let seen = u64::try_from(recorder.count(surface)).unwrap_or(u64::MAX);
        if seen > 0 {
            costs.insert(surface.as_str().to_owned(), seen);
        }
    }
    meter.with(|readings| {
        costs.extend(readings.counts.drain(..));
        for Counter { name, read, before } in readings.counters.drain(..) {
            costs.insert(name, read().saturating_sub(before));
        }
    });
    Ok(CostProfile { costs })
}

impl CostProfile {
    /// The cost of this name; 0 if nothing was counted under it.
    #[must_use]
    pub fn get(&self, name: &str) -> u64 {
        self.costs.get(name).copied().unwrap_or_default()
    }

    /// Compares with what was measured before: no cost may be higher, but those that `limits` names by so many per cent.
    ///
    /// # Errors
    ///
    /// Returns the table of both, if a cost is higher than it may be, or if a limit names a cost that neither has.
    pub fn within(&self, before: &Self, limits: &[(&str, u64)]) -> Result<(), CostError> {
        let unknown = limits
            .iter()
            .find(|(name, _)| !self.costs.contains_key(*name) && !before.costs.contains_key(*name));
        if let Some((name, _)) = unknown {
            return Err(CostError::UnknownLimit((*name).to_owned()));
        }
        let names = before
            .costs
            .keys()
            .chain(self.costs.keys().filter(|name| !before.costs.contains_key(*name)));
        let mut rows = Vec::new();
        for name in names {
            let limit = limits.iter().find(|(limited, _)| limited == name);
            let more = limit.map_or(0, |(_, per_cent)| *per_cent);
            let (was, is) = (before.get(name), self.get(name));
            let is_over = is > was.saturating_add(was.saturating_mul(more) / 100);
            rows.push((name.clone(), was, is, is_over));
        }
        if rows.iter().any(|(.., is_over)| *is_over) {
            Err(CostError::Higher(table(&rows)))
        } else {
            Ok(())
        }
    }
}

fn table(rows: &[(String, u64, u64, bool)]) -> String {
    let width = rows
        .iter()
        .map(|(name, ..)| name.chars().count())
        .max()
        .unwrap_or(0);
    let line = |(name, was, is, is_over): &(String, u64, u64, bool)| {
        format!(
            "{name:width$} {was:>8} {is:>8}{}",
            if *is_over { "  higher" } else { "" }
        )
    };
    rows.iter().map(line).collect::<Vec<_>>().join("\n")
}

/// A table, a line for each cost.
impl fmt::Display for CostProfile {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let width = self
            .costs
            .keys()
            .map(|name| name.chars().count())
            .max()
            .unwrap_or(0);
        let lines = self
            .costs
            .iter()
            .map(|(name, cost)| format!("{name:width$} {cost:>8}"));
        f.write_str(&lines.collect::<Vec<_>>().join("\n"))
    }
}

/// Why there is no profile, or why one is not within the limits.
#[derive(Clone, Debug, PartialEq, Eq, Error)]
#[non_exhaustive]
pub enum CostError {
    /// The script failed.
    #[error("the script failed: {0}")]
    Script(String),
    /// The script, or what builds the system, panicked.
    #[error("the script, or what builds the system, panicked; its message is on stderr")]
    Panicked,
    /// A limit names a cost that neither profile has.
    #[error("there is no cost `{0}` in either profile; limit one of those that a profile prints")]
    UnknownLimit(String),
    /// Costs are higher than they may be.
    #[error("costs are higher than they may be (before, now):\n{0}")]
    Higher(String),
}

#[cfg(test)]
mod tests {
    use std::sync::atomic::{AtomicU64, Ordering};
    use std::time::Duration;

    use super::*;

    /// Waits for a profile.
    fn cost<S: 'static>(
        build: impl AsyncFnOnce(&Meter) -> S + Send + 'static,
        script: impl AsyncFnOnce(&User, &S) -> ScriptResult + Send + 'static,
    ) -> Result<CostProfile, CostError> {
        let runtime = tokio::runtime::Builder::new_current_thread()
            .build()
            .expect("a runtime can be built");
        runtime.block_on(cost_profile(build, script))
    }

    fn profile(calls: u64) -> CostProfile {
        let script = async move |user: &User, meter: &Meter| {
            for _ in 0..calls {
                meter.count("queries");
                tokio::time::sleep(Duration::from_millis(5)).await;
            }
            user.saw(Surface::Event, "done");
            Ok(())
        };
        cost(async |meter: &Meter| meter.clone(), script).expect("the script succeeds")
    }

    #[test]
    fn a_profile_is_the_same_each_time_and_has_every_cost() {
        let measured = profile(3);
        assert_eq!(measured, profile(3));
        assert_eq!(
            measured.to_string(),
            "polls             4\nvirtual ms       15\nevent             1\nqueries           3"
        );
    }

    #[test]
    fn a_cost_that_is_higher_is_told_with_both_profiles() {
        let (before, now) = (profile(2), profile(3));
        assert_eq!(before.within(&now, &[]), Ok(()));
        assert_eq!(
            now.within(&before, &[("queries", 50), ("polls", 50), ("virtual ms", 50)]),
            Ok(())
        );
        let higher = now
            .within(&before, &[("polls", 50), ("virtual ms", 50)])
            .expect_err("it is higher");
        assert_eq!(
            higher.to_string(),
            "costs are higher than they may be (before, now):\n\
             polls             3        4\n\
             virtual ms       10       15\n\
             event             1        1\n\
             queries           2        3  higher"
        );
        let unknown = now.within(&before, &[("querys", 50)]);
        assert_eq!(unknown, Err(CostError::UnknownLimit("querys".to_owned())));
    }

    #[test]
    fn a_counter_of_the_program_counts_from_when_it_is_watched() {
        static ALLOCATIONS: AtomicU64 = AtomicU64::new(7);
        let build = async |meter: &Meter| meter.watch("allocations", || ALLOCATIONS.load(Ordering::Relaxed));
        let script = async |_: &User, (): &()| {
            ALLOCATIONS.fetch_add(2, Ordering::Relaxed);
            Ok(())
        };
        assert_eq!(cost(build, script).map(|costs| costs.get("allocations")), Ok(2));
    }

    #[test]
    fn a_script_that_fails_or_panics_has_no_profile() {
        let failed = cost(
            async |_: &Meter| (),
            async |_: &User, (): &()| Err("no desk".into()),
        );
        assert_eq!(failed, Err(CostError::Script("no desk".to_owned())));
        let panicked = cost(
            async |_: &Meter| (),
            async |_: &User, (): &()| panic!("on purpose"),
        );
        assert_eq!(panicked, Err(CostError::Panicked));
    }
}
