//! What a body returned, and whether that is a failure.

mod cleaned_up;
mod depth;
mod error;
mod error_messages;
mod into_outcome;
mod not_proven;
mod outcome;
mod success;

pub use cleaned_up::CleanedUp;
pub use depth::{Depth, One, Three, Two, Whole, outcome};
pub use error::{CaseError, CaseResult};
pub(in crate::case) use error_messages::{failure_of, messages};
pub use into_outcome::{AnyReturn, Displayed, IntoOutcome, Returned, Undisplayed};
pub use not_proven::NotProven;
pub(in crate::case) use not_proven::Why;
pub(in crate::case) use outcome::ReturnedError;
pub use outcome::{Failed, Outcome};
pub use success::Success;
