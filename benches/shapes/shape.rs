use std::fmt;
use std::pin::Pin;
use std::sync::Arc;

/// What a user does, from beginning to end.
pub type Script = Pin<Box<dyn Future<Output = ()> + Send>>;

/// A system with a fault.
pub trait System: Send + Sync {
    /// What one of its users does. Alone, each sees its own token and nobody else's.
    fn user(self: Arc<Self>, guest: Guest) -> Script;
}

/// One of a system's users.
#[derive(Clone)]
pub struct Guest {
    /// Which, from 0.
    pub index: usize,
    /// What nobody else may see.
    pub token: String,
    sight: Arc<dyn Fn(&str) + Send + Sync>,
}

impl Guest {
    /// A user whose sight is told to `sight`.
    #[must_use]
    pub fn new(index: usize, token: String, sight: impl Fn(&str) + Send + Sync + 'static) -> Self {
        Self {
            index,
            token,
            sight: Arc::new(sight),
        }
    }

    /// The user sees this text.
    pub fn saw(&self, text: &str) {
        (self.sight)(text);
    }
}

impl fmt::Debug for Guest {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Guest")
            .field("index", &self.index)
            .finish_non_exhaustive()
    }
}

/// What has to come together for the fault to show, at the least.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Depth {
    /// How often somebody goes on although another, who went last, could have.
    pub preemptions: u32,
    /// Calls in flight that are dropped.
    pub drops: u32,
    /// Timers that fire late, beside others.
    pub late_timers: u32,
    /// Ready awaits at which a user is stopped all the same.
    pub ready_awaits: u32,
    /// Pairs of spawned tasks that run in another order than they were spawned in.
    pub inversions: u32,
}

/// What a driver must have to show the fault, beside futures to poll.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Needs {
    /// A clock.
    pub timers: bool,
    /// Tasks.
    pub spawns: bool,
    /// Threads: there is no await between.
    pub threads: bool,
}

/// A system, how many users it has, and how deep its fault is.
#[derive(Clone, Copy, Debug)]
pub struct Shape {
    /// What it is called in tables.
    pub name: &'static str,
    /// How many users come.
    pub users: usize,
    /// How deep the fault is.
    pub depth: Depth,
    /// What a driver must have.
    pub needs: Needs,
    /// Builds the system afresh. To be called inside of a runtime, for it may spawn.
    pub build: fn() -> Arc<dyn System>,
}

impl Shape {
    pub(super) const fn new(name: &'static str, users: usize, build: fn() -> Arc<dyn System>) -> Self {
        Self {
            name,
            users,
            depth: Depth {
                preemptions: 0,
                drops: 0,
                late_timers: 0,
                ready_awaits: 0,
                inversions: 0,
            },
            needs: Needs {
                timers: false,
                spawns: false,
                threads: false,
            },
            build,
        }
    }

    pub(super) const fn preemptions(mut self, preemptions: u32) -> Self {
        self.depth.preemptions = preemptions;
        self
    }

    pub(super) const fn drops(mut self, drops: u32) -> Self {
        self.depth.drops = drops;
        self
    }

    pub(super) const fn late_timers(mut self, late_timers: u32) -> Self {
        self.depth.late_timers = late_timers;
        self.timers()
    }

    pub(super) const fn ready_awaits(mut self, ready_awaits: u32) -> Self {
        self.depth.ready_awaits = ready_awaits;
        self
    }

    pub(super) const fn inversions(mut self, inversions: u32) -> Self {
        self.depth.inversions = inversions;
        self.spawns()
    }

    pub(super) const fn timers(mut self) -> Self {
        self.needs.timers = true;
        self
    }

    pub(super) const fn spawns(mut self) -> Self {
        self.needs.spawns = true;
        self
    }

    pub(super) const fn threads(mut self) -> Self {
        self.needs.threads = true;
        self
    }
}
