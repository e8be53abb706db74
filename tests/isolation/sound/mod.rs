//! Sound systems of every usual kind, on which no check reports a violation, and a twin of each with one fault, which every check finds.

mod actors;
mod connections;
mod locks;
mod permits;
mod publishing;
mod schedules;
mod shared_work;
mod stores;
mod streams;
mod tasks;
mod timers;
mod told_apart;
