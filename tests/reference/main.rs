//! The reference system does what it promises, and each legacy part has its fault.

mod by_hand;
mod cancellation;
mod isolation;
mod lifecycle;
mod limits;
