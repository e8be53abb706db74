use std::fmt;

use super::error::{CaseError, CaseResult};
use super::outcome::Outcome;
use super::success::Success;

/// What a clean-up may come to: nothing, or a result of any error. A failure within `Ok` is one.
pub trait CleanedUp {
    /// It as a result.
    ///
    /// # Errors
    ///
    /// Where the clean-up failed.
    fn into_result(self) -> CaseResult;
}

impl CleanedUp for () {
    fn into_result(self) -> CaseResult {
        Ok(())
    }
}

impl<T: Success> CleanedUp for CaseResult<T> {
    fn into_result(self) -> CaseResult {
        self.and_then(within)
    }
}

impl<T: Success, E: fmt::Display + fmt::Debug + Unpin + 'static> CleanedUp for Result<T, E> {
    fn into_result(self) -> CaseResult {
        self.map_err(CaseError::returned).and_then(within)
    }
}

fn within(value: impl Success) -> CaseResult {
    let Outcome(result) = value.outcome();
    result.map_err(|returned| CaseError::of_text(returned.text))
}
