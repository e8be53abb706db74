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

/// One cell of the table.
fn mark(outcome: &PromiseOutcome) -> &'static str {
    if outcome.is_kept() {
        "+"
    } else if outcome.exemption().is_some() {
        "o"
    } else if outcome.undeclared().is_some() {
        "-"
    } else if outcome.kinds().is_empty() {
        "?"
    } else {
        "X"
    }
}

const LEGEND: &str = "+ kept  X broken  - not offered  o declared not to apply  ? could not be checked";

impl fmt::Display for Matrix {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (number, promise) in (1..).zip(Promise::ALL) {
            writeln!(f, "{number:>2} {promise}")?;
        }
        let width = self
            .rows
            .iter()
            .map(|(name, _)| name.chars().count())
            .max()
            .unwrap_or(0);
        write!(f, "\n{:width$}", "")?;
        for number in 1..=Promise::ALL.len() {
            write!(f, " {number:>2}")?;
        }
        for (name, outcomes) in &self.rows {
            write!(f, "\n{name:width$}")?;
            for outcome in outcomes {
                write!(f, " {:>2}", mark(outcome))?;
            }
        }
        write!(f, "\n\n{LEGEND}")?;
        for (name, outcomes) in &self.rows {
            let mut is_named = false;
            for outcome in outcomes {
                let Some(said) = said_of(outcome) else { continue };
                if !is_named {
                    write!(f, "\n\n{name}")?;
                    is_named = true;
                }
                write!(f, "\n  {}: {said}", outcome.promise())?;
            }
        }
        Ok(())
    }
}

/// What is said below the table.
fn said_of(outcome: &PromiseOutcome) -> Option<String> {
    if let Some(reason) = outcome.exemption() {
        return Some(format!("does not apply: {reason}"));
    }
    if outcome.is_kept() || outcome.undeclared().is_some() {
        return None;
    }
    let kinds: Vec<_> = outcome.kinds().iter().map(|kind| kind.as_str()).collect();
    if kinds.is_empty() {
        // Of an outcome without violations, the first lines are the promise and what is wrong.
        return Some(
            outcome
                .to_string()
                .lines()
                .skip(1)
                .find(|line| !line.is_empty())?
                .to_owned(),
        );
    }
    Some(kinds.join(", "))
}
