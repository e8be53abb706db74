//! Runs a test: on a thread of its own, phase by phase, watched by the thread that called it.

mod body;
mod progress;
mod run;
mod runtime;
mod stoppable;
mod wait_for_tasks;
mod work;

pub use body::{Body, body, body_with, sync_body, sync_body_with};
pub use progress::{at, begin, takes_hook};
pub use run::run;
