use super::check_failure::CheckFailure;
use super::passed::Passed;
use super::test_case::{TestFailure, TestSummary};

/// What a check or a test case comes to.
#[derive(Clone, Copy, Debug)]
pub(crate) enum Outcome<'o> {
    CheckFailed(&'o CheckFailure),
    CheckPassed(&'o Passed),
    TestFailed(&'o TestFailure),
    TestPassed(TestSummary<'o>),
}
