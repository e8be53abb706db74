use std::fmt;

use super::{Conformance, Promise, PromiseOutcome, Subject};

/// Begins a table of implementations and promises.
///
/// ```no_run
/// # use ssot_harness::conformance::{Subject, conformance_matrix};
/// # fn example<A: Subject, B: Subject>(canonical: fn() -> A, legacy: fn() -> B) {
/// let matrix = conformance_matrix()
///     .implementation("canonical", async move || canonical())
///     .implementation("legacy", async move || legacy());
/// println!("{matrix}");
/// # }
/// ```
#[must_use]
pub fn conformance_matrix() -> Matrix {
    Matrix {
        executions: 100,
        rows: Vec::new(),
    }
}

/// Which implementation keeps which promise. Its `Display` is the table.
#[derive(Debug)]
pub struct Matrix {
    executions: u64,
    rows: Vec<(String, Vec<PromiseOutcome>)>,
}

impl Matrix {
    /// How many executions to spend on each promise of the implementations that come after (100).
    #[must_use]
    pub fn executions(mut self, executions: u64) -> Self {
        self.executions = executions;
        self
    }

    /// Checks every promise of an implementation and adds its row.
    #[must_use]
    pub fn implementation<S: Subject>(
        mut self,
        name: impl Into<String>,
        build: impl AsyncFn() -> S + Send + Sync + 'static,
    ) -> Self {
        let conformance = Conformance::new(build).executions(self.executions);
        let outcomes = Promise::ALL
            .iter()
            .map(|&promise| conformance.check(promise))
            .collect();
        self.rows.push((name.into(), outcomes));
        self
    }

    /// What the check of each promise came to, by implementation.
    pub fn outcomes(&self) -> impl Iterator<Item = (&str, &[PromiseOutcome])> {
        self.rows.iter().map(|(name, outcomes)| (&**name, &**outcomes))
    }
}

fn cell(outcome: &PromiseOutcome) -> String {
    if outcome.is_kept() {
        "kept".to_owned()
    } else if outcome.exemption().is_some() {
        "does not apply".to_owned()
    } else if outcome.undeclared().is_some() {
        "-".to_owned()
    } else {
        let kinds: Vec<_> = outcome.kinds().iter().map(|kind| kind.as_str()).collect();
        if kinds.is_empty() {
            "not checked".to_owned()
        } else {
            kinds.join(", ")
        }
    }
}

impl fmt::Display for Matrix {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (name, outcomes) in &self.rows {
            writeln!(f, "{name}")?;
            for outcome in outcomes {
                writeln!(f, "  {:<24} {}", outcome.promise(), cell(outcome))?;
            }
            for outcome in outcomes {
                if let Some(reason) = outcome.exemption() {
                    writeln!(f, "  ({} does not apply: {reason})", outcome.promise())?;
                }
            }
        }
        Ok(())
    }
}
