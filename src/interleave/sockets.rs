use std::time::{Duration, Instant};

/// So many looks at the sockets in a row have to bring nothing where nobody can run.
pub(super) const LOOKS: u32 = 2;

/// How long to wait where no timer is left either: the kernel may hold back the acknowledgement of a segment for 40 ms.
const LAST_RESORT: Duration = Duration::from_millis(60);

/// The same where peers are outside of the process.
const LAST_RESORT_OUTSIDE: Duration = Duration::from_secs(1);

/// How long a peer outside of the process may stall before a deadlock is believed.
pub(crate) const STALL: Duration = Duration::from_secs(5);

/// What is known of the sockets of executions.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Sockets {
    /// How long, in real time, to wait for peers outside of the process before the clock moves.
    outside: Duration,
}

impl Sockets {
    pub(super) fn new(outside: Duration) -> Self {
        Self { outside }
    }

    pub(super) fn outside(self) -> Duration {
        self.outside
    }

    pub(super) fn has_peers_outside(self) -> bool {
        !self.outside.is_zero()
    }

    pub(super) fn last_resort(self) -> Duration {
        if self.has_peers_outside() {
            self.outside.max(LAST_RESORT_OUTSIDE)
        } else {
            LAST_RESORT
        }
    }
}

/// When sockets were looked at.
#[derive(Debug, Default)]
pub(super) struct Listening {
    /// After how many decisions that was.
    pub(super) looked_at: Option<usize>,
    /// How often it was repeated, for nobody could run.
    pub(super) looks: u32,
    pub(super) since: Option<Instant>,
    /// Since when the one that a schedule names at this decision is waited for.
    pub(super) waits: Option<(usize, Instant)>,
    /// Since when nothing is left to wait for, timers included.
    pub(super) stuck_since: Option<Instant>,
}
