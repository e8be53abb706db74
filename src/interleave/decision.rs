/// One decision of a schedule. Actors are counted from 0 here and from 1 in a schedule's text; runtimes are counted from 0 in
/// both.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Decision {
    /// Polls an actor once.
    Run {
        /// Which.
        actor: usize,
    },
    /// Polls an actor once and lets at most `budget` ready tokio awaits pass; the next one is pending.
    RunWithin {
        /// Which.
        actor: usize,
        /// How many ready awaits pass, 0 to 127.
        budget: u8,
    },
    /// Lets a runtime poll one of its spawned tasks.
    Step {
        /// Which runtime.
        runtime: usize,
    },
    /// Moves the clock until somebody can run.
    Advance {
        /// 0: to the next timer. More: in strides of so many milliseconds, or a sixty-fourth of the wait where that is
        /// more, so that timers may be late by that much and several be due at once.
        late: u16,
    },
    /// Moves the clock by so many milliseconds although somebody can run, and lets each runtime poll one of its tasks. A fair
    /// schedule needs this where a runnable polls again and again until a timer has fired.
    Pass {
        /// How far.
        millis: u16,
    },
    /// Drops an actor's call in flight.
    Drop {
        /// Whose.
        actor: usize,
    },
}

impl Decision {
    /// The actor that this decision is about, where it is about one.
    #[must_use]
    pub fn actor(self) -> Option<usize> {
        match self {
            Self::Run { actor } | Self::RunWithin { actor, .. } | Self::Drop { actor } => Some(actor),
            Self::Step { .. } | Self::Advance { .. } | Self::Pass { .. } => None,
        }
    }

    /// The same decision without a budget or lateness.
    pub(crate) fn plain(self) -> Self {
        match self {
            Self::RunWithin { actor, .. } => Self::Run { actor },
            Self::Advance { .. } => Self::Advance { late: 0 },
            other => other,
        }
    }

    /// One word, so that a watching thread can read decisions while they are made.
    pub(crate) fn pack(self) -> u64 {
        let (tag, index, extra) = match self {
            Self::Run { actor } => (1, actor, 0),
            Self::RunWithin { actor, budget } => (2, actor, u64::from(budget)),
            Self::Step { runtime } => (3, runtime, 0),
            Self::Advance { late } => (4, 0, u64::from(late)),
            Self::Drop { actor } => (5, actor, 0),
            Self::Pass { millis } => (6, 0, u64::from(millis)),
        };
        tag << 56 | extra << 32 | index as u64
    }

    /// The opposite of [`pack`](Self::pack); `None` for a word that was never packed.
    pub(crate) fn unpack(word: u64) -> Option<Self> {
        let index = (word & 0xffff_ffff) as usize;
        let extra = (word >> 32 & 0xffff) as u16;
        Some(match word >> 56 {
            1 => Self::Run { actor: index },
            2 => Self::RunWithin {
                actor: index,
                budget: extra as u8,
            },
            3 => Self::Step { runtime: index },
            4 => Self::Advance { late: extra },
            5 => Self::Drop { actor: index },
            6 => Self::Pass { millis: extra },
            _ => return None,
        })
    }
}
