use std::sync::Arc;

use crate::interleave::{Driver, Ending, Panic, Race, Run, RuntimeTopology, Strategy};
use crate::oracle::{BrokenInvariant, Residue, ScriptOutcome};
#[cfg(feature = "postgres")]
use crate::report::Failure;
use crate::trace::Trace;
use crate::user::Population;

/// Who takes part in an execution, and where it takes place.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Setting<'a> {
    pub(crate) population: &'a Arc<Population>,
    /// The one user who is there, where it is not all of them.
    pub(crate) alone: Option<usize>,
    pub(crate) topology: RuntimeTopology,
    pub(crate) real_io: bool,
    /// Whether users see what is logged while they are served.
    pub(crate) logs: bool,
}

/// What an execution leaves.
#[derive(Debug)]
pub(crate) struct ExecutionRecord {
    pub(crate) run: Run,
    pub(crate) trace: Trace,
    pub(crate) script_outcomes: Vec<ScriptOutcome>,
    pub(crate) residue: Option<Residue>,
    /// The invariants that did not hold when the users had left.
    pub(crate) broken: Vec<BrokenInvariant>,
    /// Whether the system, or a user, had threads at work.
    pub(crate) used_threads: bool,
    /// Whether some task went on without waiting for anything until it was left.
    pub(crate) restless: bool,
}

/// Why there was no execution.
#[derive(Debug)]
pub(crate) enum Broken {
    /// The system's own error.
    Error(String),
    /// The system came to this while it was built.
    Ended(Ending),
    /// What the system was asked about itself panicked, or is no JSON.
    Inspection(String),
    /// An invariant came to this instead of an answer.
    Invariant { name: String, ending: Ending },
    /// Dropping the system panicked.
    Dropping(Panic),
    /// What stands beside the system says that the check cannot be carried out.
    #[cfg(feature = "postgres")]
    Refused(Box<Failure>),
}

/// A system and who uses it, with the types of both forgotten: all that a search needs.
pub(crate) trait Target: Send + Sync {
    fn users(&self) -> usize;
    fn mint(&self, population: &Population);
    fn inputs(&self) -> Option<String>;
    fn lines(&self) -> Option<Vec<Vec<String>>>;
    fn play(
        &self,
        driver: &mut Driver,
        setting: Setting<'_>,
        strategy: &mut dyn Strategy,
    ) -> Result<ExecutionRecord, Broken>;
    /// The same with two OS threads released together at each step, where the system can be shared by threads.
    fn race(
        &self,
        driver: &mut Driver,
        setting: Setting<'_>,
        pairs: Race,
    ) -> Option<Result<ExecutionRecord, Broken>>;
}
