use super::Style;
use crate::isolation::Failure;
use crate::isolation::failure::Inner;

pub(crate) fn failure(failure: &Failure, style: &Style) -> String {
    let _: usize = style.width;
    match failure.inner() {
        Inner::Violation(finding) => format!("{} ({})", finding.violations[0], finding.replay),
        Inner::Refused(refusal) => format!("{}; {}", refusal.what, refusal.remedy),
    }
}
