use super::page::Page;
use super::{Style, failure, passed, test_case};
use crate::report::Outcome;

/// What a person reads of an outcome.
pub(crate) fn written(outcome: Outcome<'_>, style: &Style) -> String {
    let mut page = Page::new(style);
    match outcome {
        Outcome::CheckFailed(failure) => failure::write(&mut page, failure),
        Outcome::CheckPassed(report) => passed::write(&mut page, report),
        Outcome::TestFailed(failure) => match failure.only_check() {
            Some(check) => failure::write(&mut page, check),
            None => test_case::write_failure(&mut page, failure),
        },
        Outcome::TestPassed(summary) => test_case::write_summary(&mut page, summary),
    }
    page.into_text()
}
