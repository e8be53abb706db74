//! What breaks determinism, blocks threads or needs real time is noticed and named.

mod nondeterminism;
mod real_sockets;
mod threads;
mod timers;
