use async_trait::async_trait;

use super::handle::Case;
use crate::case::returned::CaseResult;

/// What a test stands on: made before its body, taken down after it, both on the test's own runtime.
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
    /// Makes it. Where this fails, the body is not run, and what was registered with `on_cleanup` is.
    ///
    /// # Errors
    ///
    /// Whatever stands in the way; it fails the test as an error of its set-up.
    async fn set_up(case: &Case) -> CaseResult<Self>;

    /// Takes it down, after a body that succeeded, failed, panicked or was given up. The default drops it.
    ///
    /// # Errors
    ///
    /// Whatever was left in disorder; it fails the test, and hides nothing that the body said.
    async fn tear_down(self, case: &Case) -> CaseResult {
        // Named for the documentation; a default has no use for it.
        let _: &Case = case;
        Ok(())
    }
}
