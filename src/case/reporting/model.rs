use crate::case::state::CaseState;
use crate::report::{TestFailure, TestFinding};

/// How many events of a log are shown.
const LOG_EVENTS: usize = 10;

/// What is known of a test with these findings.
pub(super) fn failure(state: &CaseState, findings: Vec<TestFinding>) -> TestFailure {
    let users = &state.resources.users;
    TestFailure {
        test: state.test.path().to_owned(),
        file: state.meta.file,
        findings,
        cleaned: state.findings.cleaned(),
        log: state
            .capture
            .logs()
            .last(LOG_EVENTS)
            .iter()
            .map(ToString::to_string)
            .collect(),
        seed: users.were_drawn().then_some(users.seed),
    }
}
