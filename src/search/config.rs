use std::sync::Arc;
use std::time::Duration;

use super::make_strategy::MakeStrategy;
use crate::interleave::{InvalidShard, RuntimeTopology, Shard};
use crate::oracle::{IsShared, MayDiffer, Oracle, Rules};
use crate::report::Format;
use crate::report::{Failure, FailureKind};
use crate::settings::{self, Limit, Unreadable};
use crate::trace::{Surface, SurfaceSet};
use crate::user::IdentityMode;

/// When a search has seen enough.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Enough {
    /// When its executions or its time are used up.
    All,
    /// When the next execution is unlikely to behave in a new way.
    Unlikely,
    /// When so many executions running have shown no new order of steps and no new outcome.
    Quiet(u64),
}

/// What can be set about a check, with what is set where nobody does.
#[derive(Clone)]
#[expect(
    clippy::struct_excessive_bools,
    reason = "each is a switch that a test sets by itself"
)]
pub(crate) struct CheckConfig {
    pub(crate) executions: u64,
    pub(crate) within: Duration,
    pub(crate) preemptions: Option<u32>,
    pub(crate) cancellations: u32,
    pub(crate) seed: u64,
    pub(crate) race: u64,
    pub(crate) surfaces: SurfaceSet,
    pub(crate) may_differ: Vec<MayDiffer>,
    pub(crate) values: Vec<(Surface, String)>,
    pub(crate) shared: Vec<IsShared>,
    pub(crate) together: bool,
    /// Whether not even a user's own secret may be logged.
    pub(crate) secretless_logs: bool,
    pub(crate) oracles: Vec<Arc<dyn Oracle>>,
    /// Why protocols of the test can match nothing.
    pub(crate) impossible_protocols: Vec<String>,
    /// What takes the portfolio's place.
    pub(crate) strategy: Option<Arc<dyn MakeStrategy>>,
    pub(crate) replay: Option<String>,
    pub(crate) identities: Vec<IdentityMode>,
    pub(crate) topology: Option<RuntimeTopology>,
    pub(crate) real_io: bool,
    /// Whether sockets are real on the virtual clock, and how long, in real time, to wait for peers outside of the process.
    pub(crate) sockets: Option<Duration>,
    pub(crate) logs: bool,
    pub(crate) compare_alone: bool,
    pub(crate) blocked_after: Duration,
    pub(crate) late: Duration,
    pub(crate) cases: u32,
    pub(crate) keep: bool,
    pub(crate) steps: usize,
    /// Whether the search may stop before its executions are used up.
    pub(crate) enough: Enough,
    /// Which part of the search is run here.
    pub(crate) shard: Shard,
    /// The search goes on until its time is up, however many executions that takes.
    pub(crate) soak: bool,
}

impl Default for CheckConfig {
    fn default() -> Self {
        Self {
            executions: 4_000,
            within: Duration::from_secs(10),
            preemptions: None,
            cancellations: 1,
            seed: 0,
            race: 0,
            surfaces: SurfaceSet::all(),
            may_differ: Vec::new(),
            values: Vec::new(),
            shared: Vec::new(),
            together: false,
            secretless_logs: false,
            oracles: Vec::new(),
            impossible_protocols: Vec::new(),
            strategy: None,
            replay: None,
            identities: IdentityMode::ALL.to_vec(),
            topology: None,
            real_io: false,
            sockets: None,
            logs: false,
            compare_alone: true,
            blocked_after: Duration::from_secs(2),
            late: Duration::from_millis(10),
            cases: 20,
            keep: true,
            steps: 20_000,
            enough: Enough::Unlikely,
            shard: Shard::WHOLE,
            soak: false,
        }
    }
}

impl CheckConfig {
    /// What the environment says goes before what the test says.
    pub(crate) fn with_environment(mut self) -> Result<Self, Failure> {
        if let Some(seed) = settings::number("SSOT_SEED")? {
            self.seed = seed;
        }
        let executions = settings::number("SSOT_EXECUTIONS")?;
        if let Some(executions) = executions {
            self.executions = executions;
            self.be_thorough();
        }
        match settings::limit("SSOT_WITHIN")? {
            None => {}
            Some(Limit::Off) => self.within = Duration::MAX,
            Some(Limit::After(time)) => {
                self.within = time;
                self.soak = executions.is_none();
                self.be_thorough();
            }
        }
        if let Some(shard) = settings::text("SSOT_SHARD")? {
            self.shard = shard.parse().map_err(|error: InvalidShard| {
                let what = format!("SSOT_SHARD is `{shard}`: {error}");
                Failure::refused(
                    FailureKind::Misuse,
                    what,
                    "set SSOT_SHARD to one like 3/8, or unset it",
                )
            })?;
            // What one shard has seen, another has not.
            self.be_thorough();
        }
        Format::of_environment()?;
        if let Some(text) = settings::text("SSOT_REPLAY")? {
            self.replay = Some(text);
        }
        Ok(self)
    }

    pub(crate) fn rules(&self) -> Rules {
        Rules {
            surfaces: self.surfaces,
            may_differ: self.may_differ.clone(),
            values: self.values.clone(),
            shared: self.shared.clone(),
            compare_alone: self.compare_alone && !self.together,
            together: self.together,
            secretless_logs: self.secretless_logs,
            oracles: self.oracles.clone(),
        }
    }

    pub(crate) fn late_millis(&self) -> u16 {
        u16::try_from(self.late.as_millis()).unwrap_or(u16::MAX)
    }

    /// Does not stop where little is left to see.
    pub(crate) fn be_thorough(&mut self) {
        if self.enough == Enough::Unlikely {
            self.enough = Enough::All;
        }
    }

    pub(crate) fn judge_only(&mut self, surfaces: impl IntoIterator<Item = Surface>) {
        self.surfaces = surfaces.into_iter().collect();
    }
}

impl From<Unreadable> for Failure {
    fn from(Unreadable { what, remedy }: Unreadable) -> Self {
        Self::refused(FailureKind::Misuse, what, remedy)
    }
}
