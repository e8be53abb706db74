use std::sync::Arc;
use std::time::{Duration, Instant};

use super::config::CheckConfig;
use super::target::{Broken, ExecutionRecord, Setting, Target};
use crate::interleave::{Divergence, Driver, Ending, Panic, RuntimeTopology, STALL, Serial, Strategy};
use crate::oracle::ScriptOutcome;
use crate::report::{Failure, FailureKind};
use crate::user::Population;

/// How long, in real time, a thread outside of the schedule has to wake somebody before a deadlock is believed.
pub(crate) const PATIENCE: Duration = Duration::from_secs(2);

/// How long a deadlock that some users come to together has to last before it is believed, where nobody is outside.
const PATIENCE_TOGETHER: Duration = Duration::from_millis(500);

/// The least and the most real time that is left to threads outside before the clock moves.
const GRACE: (Duration, Duration) = (Duration::from_millis(1), Duration::from_millis(100));

/// For how many moves of the clock it is found out whether threads outside wake somebody.
const PROBES: u32 = 10;

/// A failing solo run is repeated with patience for threads where the clock moved at the most this often.
const MOST_MOVES: usize = 20;

/// After how many steps a solo run is brought to a fair end; the first where that is not known to be too few.
const FAIR_AFTER: [usize; 2] = [200, 2_000];

/// How many polls of tasks that a user leaves behind are waited for, before a task is called restless.
pub(super) const DRAIN: usize = 5_000;

/// Why a user's script cannot be run alone.
pub(super) enum Trouble {
    /// It does not end: it may wait for other users.
    Endless(Failure),
    Other(Failure),
}

impl Trouble {
    /// The same where the script could be run once before.
    pub(super) fn after_a_first_run(self) -> Self {
        let more = "; its first solo run did not come to this: something outlives an execution (a static, a thread-local, a task of \
                    a runtime that is gone)";
        match self {
            Self::Endless(failure) => Self::Endless(failure.saying(more)),
            Self::Other(failure) => Self::Other(failure.saying(more)),
        }
    }
}

impl From<Failure> for Trouble {
    fn from(failure: Failure) -> Self {
        Self::Other(failure)
    }
}

impl From<Trouble> for Failure {
    fn from(trouble: Trouble) -> Self {
        match trouble {
            Trouble::Endless(failure) | Trouble::Other(failure) => failure,
        }
    }
}

/// One user's script with nobody else there.
pub(super) struct Solo<'a> {
    pub(super) target: &'a dyn Target,
    pub(super) config: &'a CheckConfig,
    pub(super) population: &'a Arc<Population>,
    pub(super) user: usize,
    /// After how many steps the run is brought to a fair end.
    pub(super) fair_after: usize,
}

impl<'a> Solo<'a> {
    pub(super) fn new(
        target: &'a dyn Target,
        config: &'a CheckConfig,
        population: &'a Arc<Population>,
        user: usize,
    ) -> Self {
        Self {
            target,
            config,
            population,
            user,
            fair_after: FAIR_AFTER[0],
        }
    }

    fn setting(&self, topology: RuntimeTopology) -> Setting<'_> {
        Setting {
            population: self.population,
            alone: Some(self.user),
            topology,
            real_io: self.config.real_io,
            logs: self.config.logs,
        }
    }

    fn name(&self) -> &str {
        self.population.identity(self.user).name()
    }

    /// Runs it once, in a topology and under a strategy.
    pub(super) fn play(
        &self,
        driver: &mut Driver,
        topology: RuntimeTopology,
        strategy: &mut dyn Strategy,
    ) -> Result<ExecutionRecord, Broken> {
        driver.limit_steps(self.config.steps);
        let most = self.config.steps - self.config.steps / 4;
        driver.be_fair_after(Some(self.fair_after.min(most)));
        driver.drain_at_most(Some(DRAIN));
        self.target.play(driver, self.setting(topology), strategy)
    }

    /// Runs it for the first time. Where it takes many steps and they are all its own, it is left to take them; where somebody
    /// spins, it comes to its fair end soon.
    pub(super) fn first(&mut self, driver: &mut Driver) -> Result<ExecutionRecord, Trouble> {
        if self.user == 0 && !self.config.real_io {
            driver.probe_for_threads(PROBES);
        }
        let record = self.serial(driver)?;
        driver.probe_for_threads(0);
        if record.run.fair_from().is_none() {
            return Ok(record);
        }
        self.fair_after = FAIR_AFTER[1];
        let longer = self.serial(driver)?;
        if longer.run.fair_from().is_none() {
            return Ok(longer);
        }
        self.fair_after = FAIR_AFTER[0];
        Ok(record)
    }

    /// Runs it once, one poll after another. Sees to it that tasks of `spawn_local` and threads of the system's own are waited
    /// for.
    pub(super) fn serial(&self, driver: &mut Driver) -> Result<ExecutionRecord, Trouble> {
        let mut record = self.play(driver, RuntimeTopology::One, &mut Serial);
        if wants_local_tasks(&record) {
            driver.with_local_tasks(true);
            record = self.play(driver, RuntimeTopology::One, &mut Serial);
        }
        let record = record.map_err(broken)?;
        let has_waited = match record.run.ending() {
            Ending::Deadlock(_) => true,
            Ending::StepLimit(_) => false,
            _ => (1..=MOST_MOVES).contains(&record.run.moves_of_the_clock()),
        };
        let accepted = self.accept(record);
        if accepted.is_err()
            && has_waited
            && !self.config.real_io
            && !driver.waits_for_threads()
            && let Some(again) = self.woken_from_outside(driver)
        {
            return Ok(again);
        }
        accepted
    }

    /// Runs it once more, one poll after another, whatever comes of it.
    pub(super) fn again(&self, driver: &mut Driver) -> Result<ExecutionRecord, Broken> {
        self.play(driver, RuntimeTopology::One, &mut Serial)
    }

    /// The same run with patience for threads outside of the schedule, where that makes it end.
    fn woken_from_outside(&self, driver: &mut Driver) -> Option<ExecutionRecord> {
        let begun = Instant::now();
        wait_for_threads(driver, GRACE.1);
        driver.wait_for_outside(patience(driver, PATIENCE));
        let again = self.play(driver, RuntimeTopology::One, &mut Serial);
        let accepted = again.ok().and_then(|again| self.accept(again).ok());
        // A peer that is slow once is waited for once.
        let is_for_threads = !driver.has_peers_outside() || driver.outside.is_any();
        if accepted.is_some() && is_for_threads {
            wait_for_threads(driver, (2 * begun.elapsed()).clamp(GRACE.0, GRACE.1));
        } else {
            driver.wait_for_outside(Duration::ZERO);
            driver.wait_before_the_clock(Duration::ZERO);
        }
        accepted
    }

    /// The run, where a baseline can be made of it.
    fn accept(&self, record: ExecutionRecord) -> Result<ExecutionRecord, Trouble> {
        let name = self.name();
        let refuse = |what: String, remedy: &str| Failure::refused(FailureKind::Alone, what, remedy);
        if let Some(defect) = record.trace.defects().first() {
            return Err(unserializable(defect).into());
        }
        match record.run.ending() {
            Ending::RealIo(message) => return Err(real_io(message).into()),
            Ending::Panicked { panic, .. } => {
                return Err(refuse(
                    format!("{name}'s script panics with nobody else there: {panic}"),
                    "mend the script, or the fault that one user meets; isolation is the question after that",
                )
                .into());
            }
            Ending::Deadlock(waiting) => {
                let waiting: Vec<_> = waiting.iter().map(ToString::to_string).collect();
                return Err(Trouble::Endless(refuse(
                    format!(
                        "{name}'s script never ends with nobody else there: {}",
                        waiting.join("; ")
                    ),
                    "look for an await that nothing completes; where users need each other, as two who talk do, set `.together()`: the \
                     check then does without solo runs",
                )));
            }
            Ending::StepLimit(steps) => {
                return Err(Trouble::Endless(refuse(
                    format!("{name}'s script has not ended after {steps} steps with nobody else there"),
                    "end the script's loops, or raise the limit with `.steps(..)`; where users need each other, as two who talk do, \
                     set `.together()`: the check then does without solo runs",
                )));
            }
            _ => {}
        }
        if let Some(ScriptOutcome::Failed(error)) = record.script_outcomes.get(self.user) {
            return Err(refuse(
                format!("{name}'s script returns an error with nobody else there: {error}"),
                "handle errors that are expected within the script, and record them with `user.saw(Surface::Error, ..)`",
            )
            .into());
        }
        Ok(record)
    }
}

/// Lets executions wait for threads that no schedule moves: so long before each move of the clock, and longer before a deadlock
/// is believed.
pub(super) fn wait_for_threads(driver: &mut Driver, grace: Duration) {
    driver.wait_for_outside(PATIENCE);
    driver.wait_before_the_clock(grace);
}

/// The same where nothing is known of how long the threads take.
pub(super) fn wait_for_unknown_threads(driver: &mut Driver) {
    wait_for_threads(driver, GRACE.0 * 10);
}

/// How long a deadlock that some users come to together has to last before it is believed.
pub(super) fn patience_together(driver: &Driver) -> Duration {
    patience(driver, PATIENCE_TOGETHER)
}

fn patience(driver: &Driver, with_nobody_outside: Duration) -> Duration {
    if driver.has_peers_outside() {
        STALL
    } else {
        with_nobody_outside
    }
}

/// Whether code under test called `spawn_local` where there was no `LocalSet`.
pub(super) fn wants_local_tasks(record: &Result<ExecutionRecord, Broken>) -> bool {
    // Tokio's own words.
    let is_missing = |panic: &Panic| panic.message().contains("`spawn_local` called from outside");
    match record {
        Ok(record) => {
            matches!(record.run.ending(), Ending::Panicked { panic, .. } if is_missing(panic))
                || record.run.panics().iter().any(|(_, panic)| is_missing(panic))
        }
        Err(Broken::Ended(Ending::Panicked { panic, .. })) => is_missing(panic),
        Err(_) => false,
    }
}

pub(crate) fn broken(broken: Broken) -> Failure {
    let remedy = "isolation needs a system that can be built afresh for every execution";
    let what = match broken {
        Broken::Error(error) => format!("the system could not be built: {error}"),
        Broken::Ended(Ending::RealIo(message)) => return real_io(&message),
        Broken::Ended(Ending::Panicked { panic, .. }) => {
            format!("the system panicked while it was built: {panic}")
        }
        Broken::Ended(Ending::Deadlock(_)) => {
            "building the system deadlocks: it awaits what nothing completes".to_owned()
        }
        Broken::Ended(Ending::StepLimit(steps)) => {
            format!("building the system has not ended after {steps} steps")
        }
        Broken::Ended(ending) => format!("the system could not be built: {ending:?}"),
        Broken::Inspection(error) => {
            return Failure::refused(
                FailureKind::Misuse,
                format!("the system could not be inspected: {error}"),
                "return something `Serialize` from the closure of `.inspect(..)`",
            );
        }
        Broken::Invariant { name, ending } => {
            return Failure::refused(
                FailureKind::Misuse,
                format!("the invariant `{name}` does not come to its end: {ending:?}"),
                "do not wait for users or for their locks in an invariant: it is asked when they have left",
            );
        }
        #[cfg(feature = "postgres")]
        Broken::Refused(failure) => return *failure,
        Broken::Dropping(panic) => format!("the system panicked while it was dropped: {panic}"),
    };
    Failure::refused(FailureKind::Build, what, remedy)
}

pub(crate) fn real_io(message: &str) -> Failure {
    Failure::refused(
        FailureKind::RealIo,
        format!("something waits for real input or output, and the check's clock stands still: {message}"),
        "for sockets in this process set `.sockets()`, for a database `.sockets_outside(..)`; else put a fake in the place of the socket or file, or let \
         the check run in real time with `.real_io()`",
    )
}

pub(crate) fn impossible(strategy: &str, divergence: &Divergence) -> Failure {
    let (step, reason) = (divergence.step(), divergence.reason());
    Failure::refused(
        FailureKind::Misuse,
        format!("the strategy `{strategy}` decided what cannot be done in step {step}: {reason}"),
        "decide on one of the runnables of the view; where there is none, on `Decision::Advance`",
    )
}

pub(crate) fn unserializable(defect: &str) -> Failure {
    Failure::refused(
        FailureKind::Unserializable,
        defect,
        "pass a value that serialises to JSON",
    )
}
