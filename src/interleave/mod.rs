//! Runs a handful of futures one poll at a time, in the order that a schedule names, on plain tokio.
//!
//! This room knows nothing of users, secrets or engines: it has *actors* (futures), the tasks that they spawn, and a
//! clock. A [`Driver`] opens a [`Session`] for every execution; a [`Strategy`] makes the decisions; the decisions are a
//! [`Schedule`], which can be written down, replayed and shrunk.
//!
//! ```
//! use ssot_harness::interleave::{Driver, Ending, FutureActor, RuntimeTopology, RandomWalk};
//!
//! let mut driver = Driver::new();
//! let mut session = driver.session(RuntimeTopology::One);
//! let mut actors: Vec<_> = (0..3).map(|_| FutureActor::new(tokio::task::yield_now())).collect();
//! let run = session.run(&mut actors, &mut RandomWalk::new(7));
//! assert_eq!(*run.ending(), Ending::Done);
//! assert_eq!(run.decisions().len(), 6); // an actor with one await is polled twice
//! ```

mod actor;
mod budget;
mod certificate;
mod clock;
mod decision;
mod driver;
mod ending;
mod execution;
mod fairness;
mod local;
mod outside;
mod progress;
mod race;
mod ready_set;
mod real;
mod run;
mod runnables;
mod runtimes;
mod schedule;
mod session;
mod shard;
mod shrink;
mod stepped_runtime;
mod strategies;
mod strategy;
mod topology;
mod waiting;
mod weight;
mod yield_point;

pub use actor::{Actor, FutureActor};
pub use certificate::{Certificate, Level};
pub use decision::Decision;
pub use driver::Driver;
pub use ending::{Divergence, Ending, Waiting};
pub(crate) use progress::Progress;
pub(crate) use race::{Race, race};
pub use run::Run;
pub use runnables::{Runnable, View};
pub use schedule::{Schedule, ScheduleError};
pub use session::Session;
pub use shard::{InvalidShard, Shard};
pub use shrink::{Cost, shrink};
pub(crate) use strategies::Perturbation;
pub use strategies::{
    Enumeration, Guided, Pct, Perturbed, Portfolio, RandomWalk, Replay, Serial, SparseDeviations, UniformWalk,
};
pub use strategy::{Shape, Strategy};
pub use topology::RuntimeTopology;
/// The name of [`RuntimeTopology`] up to 0.1.
#[doc(hidden)]
pub use topology::RuntimeTopology as Layout;
pub use yield_point::yield_point;

pub use crate::panics::Panic;
pub(crate) use crate::panics::Quiet;
