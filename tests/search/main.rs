//! The guarantees of the search: what is enumerated, what replays, how executions end.

#![expect(
    clippy::async_yields_async,
    reason = "tasks that spawn tasks hand their handles on"
)]

mod actors;
mod endings;
mod enumeration;
mod replay;
mod shrinking;
mod stages;
mod strategies;
mod text;
mod traps;
