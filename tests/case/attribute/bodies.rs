//! What the bodies of the tests have in common: they say that they ran.

use std::fs::OpenOptions;
use std::io::Write;

use ssot_harness::prelude::*;

/// Names the file in which bodies say so.
pub(crate) const RAN: &str = "SSOT_TEST_BODIES";

/// Says that the body of the test ran that the test runner calls `test`.
pub(crate) fn ran(test: &str) {
    let Some(path) = std::env::var_os(RAN) else {
        return;
    };
    let mut file = OpenOptions::new().append(true).open(path).unwrap();
    // In one write, so that lines of tests that run at once stay whole.
    file.write_all(format!("{test}\n").as_bytes()).unwrap();
}

/// A fixture that knows that it was set up.
pub(crate) struct Shop {
    pub(crate) sold: u32,
}

#[async_trait]
impl SsotAsyncTestCase for Shop {
    async fn set_up(_case: &Case) -> CaseResult<Self> {
        tokio::task::yield_now().await;
        Ok(Self { sold: 3 })
    }
}
