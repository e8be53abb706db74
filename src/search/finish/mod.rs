//! What becomes of a failing execution: it is made simpler, run again, kept, and reported.

mod again;
mod finding;
mod minimizer;
mod noted;

pub(super) use finding::{finish, keep};
