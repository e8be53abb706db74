use async_trait::async_trait;

use super::handle::Case;
use crate::case::returned::CaseResult;

/// A test's fixture: set up before its body, torn down after it, both on the test's own runtime.
///
/// ```
/// use ssot_harness::prelude::*;
/// # struct Desk;
/// # impl Desk {
/// #     async fn open() -> Result<Self, std::io::Error> { Ok(Self) }
/// #     async fn close(self) -> Result<(), std::io::Error> { Ok(()) }
/// # }
///
/// struct Shop { desk: Desk }
///
/// #[async_trait]
/// impl SsotAsyncTestCase for Shop {
///     async fn set_up(_case: &Case) -> CaseResult<Self> { Ok(Self { desk: Desk::open().await? }) }
///     async fn tear_down(self, _case: &Case) -> CaseResult { Ok(self.desk.close().await?) }
/// }
/// ```
#[async_trait]
pub trait SsotAsyncTestCase: Sized + Send {
    /// Sets it up. Where this fails, the body is not run; the clean-ups that `on_cleanup` registered are.
    ///
    /// # Errors
    ///
    /// Any error; it fails the test as an error of its set-up.
    async fn set_up(case: &Case) -> CaseResult<Self>;

    /// Tears it down, after a body that succeeded, failed, panicked or was given up. The default drops it.
    ///
    /// # Errors
    ///
    /// Any error; it fails the test, and is reported beside the body's own failure.
    async fn tear_down(self, case: &Case) -> CaseResult {
        // Named for the documentation; a default has no use for it.
        let _: &Case = case;
        Ok(())
    }
}
