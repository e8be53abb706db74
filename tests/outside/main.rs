//! Crates outside the workspace, built and run like any user's: their tests in processes of their own, with environments of
//! their own, by the runners that users have.

mod actix;
mod agent;
mod among_others;
mod audited;
mod classes;
mod conformance;
mod crates;
mod desk;
mod expected;
mod extensions;
mod first_test;
mod golden_path;
mod http;
mod later;
mod models;
mod naming;
#[cfg(unix)]
mod postgres;
mod promises;
mod runners;
mod sockets;
mod taken_down;
mod ways;
