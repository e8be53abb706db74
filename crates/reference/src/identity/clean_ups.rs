use std::fmt;
use std::pin::Pin;

use thiserror::Error;

use crate::Guarded;

type CleanUp = Box<dyn FnOnce() -> Pin<Box<dyn Future<Output = Result<(), String>> + Send>> + Send>;

/// What must be undone when the work of a context is over. Clean-ups run last in first out, one after another.
///
/// ```
/// # #[tokio::main(flavor = "current_thread")]
/// # async fn main() {
/// use ssot_reference::CleanUps;
///
/// let clean_ups = CleanUps::default();
/// clean_ups.add("close the connection", || async { Ok(()) });
/// clean_ups.add("remove the file", || async { Err("it is gone".to_owned()) });
/// let failed = clean_ups.run().await.expect_err("one of them failed");
/// assert_eq!(failed.failures(), [("remove the file".to_owned(), "it is gone".to_owned())]);
/// # }
/// ```
#[derive(Default)]
pub struct CleanUps(Guarded<Vec<(String, CleanUp)>>);

impl CleanUps {
    /// Registers a clean-up; `name` says in an error which one it was.
    pub fn add<F>(&self, name: impl Into<String>, clean_up: impl FnOnce() -> F + Send + 'static)
    where
        F: Future<Output = Result<(), String>> + Send + 'static,
    {
        let clean_up: CleanUp = Box::new(move || Box::pin(clean_up()));
        self.0.with(|all| all.push((name.into(), clean_up)));
    }

    /// The number of clean-ups that have not started.
    #[must_use]
    pub fn len(&self) -> usize {
        self.0.with(|all| all.len())
    }

    /// Whether no clean-up is left.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }

    /// Runs every clean-up, those included that another one registers. If the call is dropped, the ones that have not started
    /// remain.
    ///
    /// # Errors
    ///
    /// Returns the failures of all clean-ups. One that fails does not keep the others from running.
    pub async fn run(&self) -> Result<(), CleanUpFailures> {
        let mut failures = Vec::new();
        while let Some((name, clean_up)) = self.0.with(Vec::pop) {
            if let Err(reason) = clean_up().await {
                failures.push((name, reason));
            }
        }
        if failures.is_empty() {
            Ok(())
        } else {
            Err(CleanUpFailures { failures })
        }
    }
}

impl fmt::Debug for CleanUps {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("CleanUps").field("left", &self.len()).finish()
    }
}

/// Clean-ups that failed.
#[derive(Clone, Debug, PartialEq, Eq, Error)]
#[error("{} of the clean-ups failed: {}", failures.len(), list(failures))]
pub struct CleanUpFailures {
    failures: Vec<(String, String)>,
}

impl CleanUpFailures {
    /// The name and the error of each clean-up that failed, in the order in which they ran.
    #[must_use]
    pub fn failures(&self) -> &[(String, String)] {
        &self.failures
    }
}

fn list(failures: &[(String, String)]) -> String {
    let each = failures
        .iter()
        .map(|(name, reason)| format!("`{name}`: {reason}"));
    each.collect::<Vec<_>>().join("; ")
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;

    use super::*;

    fn recording(
        clean_ups: &CleanUps,
        order: &Arc<Guarded<Vec<u32>>>,
        number: u32,
        result: Result<(), String>,
    ) {
        let order = Arc::clone(order);
        clean_ups.add(format!("clean-up {number}"), move || async move {
            tokio::task::yield_now().await;
            order.with(|order| order.push(number));
            result
        });
    }

    #[tokio::test]
    async fn the_last_runs_first_and_each_runs_once() {
        let (clean_ups, order) = (CleanUps::default(), Arc::default());
        for number in 1..=3 {
            recording(&clean_ups, &order, number, Ok(()));
        }
        assert_eq!(clean_ups.run().await, Ok(()));
        assert_eq!(clean_ups.run().await, Ok(()));
        assert_eq!(order.with(|order| order.clone()), [3, 2, 1]);
    }

    #[tokio::test]
    async fn a_failure_is_reported_and_keeps_no_other_from_running() {
        let (clean_ups, order) = (CleanUps::default(), Arc::default());
        recording(&clean_ups, &order, 1, Err("stuck".to_owned()));
        recording(&clean_ups, &order, 2, Ok(()));
        recording(&clean_ups, &order, 3, Err("lost".to_owned()));
        let failed = clean_ups.run().await.expect_err("two fail");
        assert_eq!(
            failed.to_string(),
            "2 of the clean-ups failed: `clean-up 3`: lost; `clean-up 1`: stuck"
        );
        assert_eq!(order.with(|order| order.clone()), [3, 2, 1]);
    }
}
