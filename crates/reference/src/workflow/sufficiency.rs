use crate::Step;

/// How much data there is for a request, which decides which steps are worth taking.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum DataSufficiency {
    /// Nothing is known: the user is asked for data.
    Insufficient,
    /// Something is known: it is reported, and the user is asked for the rest.
    Partial,
    /// Enough is known for every step.
    Sufficient,
}

impl DataSufficiency {
    /// Every degree, the lowest first.
    pub const ALL: [Self; 3] = [Self::Insufficient, Self::Partial, Self::Sufficient];

    /// Decides by the number of facts that are known: none, fewer than three, or more.
    #[must_use]
    pub fn of(facts: usize) -> Self {
        match facts {
            0 => Self::Insufficient,
            1 | 2 => Self::Partial,
            _ => Self::Sufficient,
        }
    }

    /// The names of the agents that run after triage, in order.
    #[must_use]
    pub fn agents(self) -> &'static [&'static str] {
        match self {
            Self::Insufficient => &["data_helper", "reporting"],
            Self::Partial => &["data_helper", "data", "reporting"],
            Self::Sufficient => &["data", "optimisation", "actions", "reporting"],
        }
    }

    /// The pipeline of triage and these agents.
    #[must_use]
    pub fn pipeline(self) -> Step {
        let triage = std::iter::once("triage");
        Step::sequence(triage.chain(self.agents().iter().copied()).map(Step::agent))
    }
}
