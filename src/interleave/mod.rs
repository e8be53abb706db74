//! Runs a handful of futures one poll at a time, in the order that a schedule names, on plain tokio.
//!
//! A [`Strategy`] makes the decisions of an execution: which actor (a future) or runtime (spawned tasks) to run next, when to
//! move the clock. The decisions are a [`Schedule`], which can be written down, replayed and shrunk. The module has no notion of
//! users, secrets or engines.
//!
//! With the feature `unstable-interleave`, which may change in any version, the driver below the check is public, too: a
//! `Driver` opens a `Session` for every execution.
//!
//! ```
//! # #[cfg(feature = "unstable-interleave")] {
//! use ssot_harness::interleave::{Driver, Ending, FutureActor, RuntimeTopology, RandomWalk};
//!
//! let mut driver = Driver::new();
//! let mut session = driver.session(RuntimeTopology::One);
//! let mut actors: Vec<_> = (0..3).map(|_| FutureActor::new(tokio::task::yield_now())).collect();
//! let run = session.run(&mut actors, &mut RandomWalk::new(7));
//! assert_eq!(*run.ending(), Ending::Done);
//! assert_eq!(run.decisions().len(), 6); // an actor with one await is polled twice
//! # }
//! ```

mod actor;
mod budget;
mod certificate;
mod decision;
mod divergence;
mod driver;
mod ending;
mod execution;
mod fairness;
mod listening;
mod notes;
mod progress;
mod race;
mod run;
mod runnables;
mod runtime;
mod schedule;
mod session;
mod shard;
mod shrink;
mod sockets;
mod strategies;
mod strategy;
mod waiting;
mod waking;
mod weight;
mod yield_point;

#[cfg(feature = "unstable-interleave")]
pub use actor::{Actor, FutureActor};
pub use certificate::{Certificate, Level};
pub use decision::Decision;
pub use divergence::Divergence;
#[cfg(feature = "unstable-interleave")]
pub use driver::Driver;
#[cfg(feature = "unstable-interleave")]
pub use ending::{Ending, Waiting};
#[cfg(test)]
pub(crate) use notes::StepNote;
pub(crate) use notes::{Notebook, Origin, SpawnedTask, StepNotes, WokenBy};
pub(crate) use progress::Progress;
#[cfg(feature = "postgres")]
pub(crate) use progress::off_schedule;
pub(crate) use race::{Race, race};
pub use run::Run;
pub use runnables::{Runnable, View};
pub use runtime::RuntimeTopology;
/// The name of [`RuntimeTopology`] up to 0.1.
#[doc(hidden)]
pub use runtime::RuntimeTopology as Layout;
pub(crate) use runtime::witness::{self, Place};
pub use schedule::{Schedule, ScheduleError};
#[cfg(feature = "unstable-interleave")]
pub use session::Session;
#[cfg(feature = "unstable-interleave")]
pub use shard::{InvalidShard, Shard};
#[cfg(feature = "unstable-interleave")]
pub use shrink::{Cost, shrink};
pub(crate) use sockets::STALL;
pub(crate) use strategies::{DropCalls, Perturbation};
#[cfg(feature = "unstable-interleave")]
pub use strategies::{
    Enumeration, Guided, Perturbed, Portfolio, Replay, Serial, SparseDeviations, UniformWalk,
};
pub use strategies::{Pct, RandomWalk, SelectiveWalk};
#[doc(hidden)]
pub use strategy::Marks;
pub use strategy::{Shape, Strategy};
pub use yield_point::{YieldPoint, yield_point};

#[cfg(not(feature = "unstable-interleave"))]
pub(crate) use {
    actor::{Actor, FutureActor},
    driver::Driver,
    ending::{Ending, Waiting},
    session::Session,
    shard::{InvalidShard, Shard},
    shrink::{Cost, shrink},
    strategies::{Enumeration, Guided, Perturbed, Portfolio, Replay, Serial},
};

#[cfg(feature = "unstable-interleave")]
pub use crate::panics::Panic;
#[cfg(not(feature = "unstable-interleave"))]
pub(crate) use crate::panics::Panic;
pub(crate) use crate::panics::Quiet;
