//! What the shapes stand on, here: tokio as madsim has it.

pub(crate) use std::sync::Mutex as BlockingMutex;
pub(crate) use std::sync::atomic::AtomicUsize;
pub(crate) use tokio::spawn;
pub(crate) use tokio::sync::{Mutex, Notify, mpsc, oneshot};
pub(crate) use tokio::task::yield_now;
pub(crate) use tokio::time::{Instant, sleep, timeout};
