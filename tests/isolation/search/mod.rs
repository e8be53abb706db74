//! The guarantees of the search: what is enumerated, what replays, how executions end.

mod actors;
mod endings;
mod enumeration;
mod replay;
mod sessions;
mod shrinking;
mod strategies;
mod text;
mod time;
mod traps;
