//! What the expanded test reports while it runs.

use crate::case::state::running_tests;

/// Reports that the fixtures are made, and the body begins.
pub fn begin() {
    if let Some(state) = running_tests::current() {
        state.findings.end_fixtures();
    }
}

/// Reports that the test replaces the panic hook, which is then checked often.
pub fn takes_hook() {
    if let Some(state) = running_tests::current() {
        state.activity.panics.takes_hook();
    }
}

/// Reports which line of the body comes next.
pub fn at(line: u32) {
    if let Some(state) = running_tests::current() {
        let activity = &state.activity;
        activity.panics.keep_hook();
        activity.tasks.reach(line);
        activity.metrics.tasks_were_at_least(activity.tasks.spawned());
    }
}
