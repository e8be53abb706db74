//! Runs a handful of futures one poll at a time, in the order that a schedule names, on plain tokio.
//!
//! This room knows nothing of users, secrets or engines: it has *actors* (futures), the tasks that they spawn, and a
//! clock. A [`Driver`] opens a [`Stage`] for every execution; a [`Strategy`] makes the decisions; the decisions are a
//! [`Schedule`], which can be written down, replayed and shrunk.
//!
//! ```
//! use ssot_harness::interleave::{Driver, Ending, FutureActor, Layout, RandomWalk};
//!
//! let mut driver = Driver::new();
//! let mut stage = driver.stage(Layout::One);
//! let mut actors: Vec<_> = (0..3).map(|_| FutureActor::new(tokio::task::yield_now())).collect();
//! let run = stage.run(&mut actors, &mut RandomWalk::new(7));
//! assert_eq!(*run.ending(), Ending::Done);
//! assert_eq!(run.decisions().len(), 6); // an actor with one await is polled twice
//! ```

mod actor;
mod budget;
mod candidates;
mod cell;
mod certificate;
mod clock;
mod decision;
mod driver;
mod ending;
mod execution;
mod fairness;
mod layout;
mod local;
mod outside;
mod progress;
mod race;
mod real;
mod run;
mod runtimes;
mod schedule;
mod shrink;
mod slice;
mod stage;
mod strategies;
mod strategy;
mod waiting;
mod wakes;
mod weight;
mod yield_point;

pub use actor::{Actor, FutureActor};
pub use candidates::{Candidate, View};
pub use certificate::{Certificate, Level};
pub use decision::Decision;
pub use driver::Driver;
pub use ending::{Divergence, Ending, Waiting};
pub use layout::Layout;
pub(crate) use progress::Progress;
pub(crate) use race::{Race, race};
pub use run::Run;
pub use schedule::{Schedule, ScheduleError};
pub use shrink::{Cost, shrink};
pub use slice::{NoSlice, Slice};
pub use stage::Stage;
pub(crate) use strategies::Spice;
pub use strategies::{
    Enumeration, Guided, Mix, Pct, Portfolio, RandomWalk, Replay, Serial, SparseDeviations, UniformWalk,
};
pub use strategy::{Shape, Strategy};
pub use yield_point::yield_point;

pub use crate::panics::Panic;
pub(crate) use crate::panics::Quiet;
