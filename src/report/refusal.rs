use serde::Serialize;

/// Why a check was refused.
#[derive(Clone, Debug)]
pub(crate) struct Refusal {
    pub(crate) kind: FailureKind,
    /// What was wrong, a fragment in lower case without a full stop.
    pub(crate) what: String,
    /// What to do next, likewise.
    pub(crate) remedy: String,
    pub(crate) executions: u64,
}

/// Which kind of failure it is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize)]
#[serde(rename_all = "kebab-case")]
#[non_exhaustive]
pub enum FailureKind {
    /// An oracle reported a violation.
    Violation,
    /// Some user never saw a secret of its own: the check could not have found anything.
    Vacuous,
    /// The check was asked for something that it cannot do.
    Misuse,
    /// The system under test could not be built.
    Build,
    /// A script fails, panics or hangs with nobody else there.
    Alone,
    /// A schedule that was to be replayed is no schedule, or does not fit.
    Replay,
    /// The file of kept failures cannot be read or written.
    Regressions,
    /// Real input or output met a clock that stands still.
    RealIo,
    /// What a user saw could not be turned into JSON.
    Unserializable,
}
