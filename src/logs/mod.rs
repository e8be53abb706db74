//! What a test logged with `tracing`: events with their fields and spans, from every task and thread that works for it.
//!
//! Events of level DEBUG and above are captured from every crate, those of level TRACE from the test's own package.
//! A test keeps its last 10,000 events.
//!
//! # Whose event it is
//!
//! Tests of one process run at the same time. An event belongs to
//!
//! 1. the test for which the innermost of its spans was opened that was opened for a test, its children included:
//!    `tokio::spawn(work.instrument(span))` and a `Span` entered on another thread keep their test;
//! 2. else the test that its thread works for: the body's thread, the workers and the blocking threads of its runtime, a thread that
//!    has called [`Case::enter`](crate::Case::enter);
//! 3. else the only test that is running: under nextest that is always so;
//! 4. else nobody. Such *stray* events, of a thread that no test knows and without a span, are kept apart by every test
//!    that was running: [`Logs::stray`].
//!
//! # Beside other subscribers
//!
//! One subscriber serves the whole process. It is installed when the first capture begins, and stays. Hence
//! `tracing_subscriber::fmt().init()` in a test panics after that, as it does in the second test that calls it; use
//! `try_init`. A subscriber that a test sets for its own thread hides from us what is logged there while it is set.
//!
//! [`tracing_test::traced_test`](https://docs.rs/tracing-test) works in the same process and in the same test, in
//! either order. Its `logs_contain` looks for a span that only the test's own thread is in: of what other threads and
//! spawned tasks log, it sees what is in that span. Where that is too little, ask the test's [`Logs`]. Any version 0.2 will do; one
//! that installs its subscriber in a way that is not known here is treated like any other subscriber, which is said once on
//! standard error.
//!
//! Where the process had a global subscriber before the first capture (`traced_test` was first, or the program set
//! one), that one stays and goes on to hear everything. Then events are captured on the threads that the harness
//! starts, and not on a `std::thread` that the test starts; and what looks for a layer of that subscriber by its type,
//! as OpenTelemetry's extension of spans does, does not find it on the test's threads.

#[cfg(test)]
mod attribution_tests;
mod buffer;
mod capture;
mod event;
#[cfg(test)]
mod event_tests;
mod fields;
mod inner_subscriber;
mod install;
mod keepers;
mod named;
#[cfg(test)]
mod over_tests;
mod query;
mod served;
mod span;
mod subscriber;
mod traced_test;
mod verbosity;

pub(crate) use capture::Capture;
pub use event::{LogEvent, LogSpan};
pub(crate) use install::{Listening, listen, listen_over};
pub(crate) use named::name_users;
pub use query::Logs;
pub(crate) use served::serve;
pub(crate) use span::test_of_span;
pub use tracing::Level;
