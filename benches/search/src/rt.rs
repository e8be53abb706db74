//! What the shapes stand on, here: plain tokio.

pub use std::sync::Mutex as BlockingMutex;
pub use std::sync::atomic::AtomicUsize;
pub use tokio::spawn;
pub use tokio::sync::{Mutex, Notify, mpsc, oneshot};
pub use tokio::task::yield_now;
pub use tokio::time::{Instant, sleep, timeout};
