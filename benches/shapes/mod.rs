//! Systems in which one user's text reaches another, each by a fault of another kind or depth.
//!
//! Plain modules, which any driver can run: a crate includes this folder by its path and puts a module `rt` beside it,
//! which says what `spawn`, `Mutex` and the like are under its driver, and what `BlockingMutex` is: std's lock, where it
//! is held while others are woken. [`all`] is the list. A system is built inside of the runtime; every user is a future
//! of its own, and tells what it sees. The fault has shown where somebody sees the token of somebody else: every driver
//! has the same oracle.

use super::rt;

mod aba;
mod all;
mod alternating_bit;
mod batcher;
mod builds_twice;
mod cleanup;
mod connection;
mod crowd;
mod impatient;
mod leases;
mod left_behind;
mod long_haul;
mod lost_update;
mod mailbox;
mod overtaken;
mod owner;
mod padded;
mod pipeline;
mod queue;
mod reaper;
mod repaired;
mod replica;
mod ring;
mod second_action;
mod shape;
mod slab;
mod slot;
mod tickets;
mod windows;

pub use all::{all, deep};
pub use shape::{Depth, Guest, Needs, Script, Shape, System};
