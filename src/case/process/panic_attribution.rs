//! Attributes the panics of this process to the tests that they belong to.

use std::thread;

use crate::case::state::running_tests;
use crate::case::stderr;
use crate::current::{self, Whose};
use crate::logs;
use crate::panics::{self, Panic};

/// Attributes every panic of this process from now on.
pub(in crate::case) fn install() {
    panics::observe(note);
}

/// Notes a panic with the test that its thread works for.
///
/// A thread that no test is known for may be of any. Its panic is this test's only where no other can be running: a plain
/// `#[test]` in the same process may rightly panic, and must not fail another test.
fn note(panic: Panic) {
    let whose = current::whose();
    let of_span = || logs::test_of_span().and_then(running_tests::find);
    let (state, certain) = match &whose {
        Whose::Told(test) => (running_tests::find(test.id()), true),
        // It may be a worker that several tests share.
        Whose::StartedBy(test) => {
            let only = || running_tests::only().filter(|state| state.test.id() == test.id());
            (of_span().or_else(only), true)
        }
        Whose::Plain => match of_span() {
            Some(state) => (Some(state), true),
            None => (running_tests::only().filter(|state| state.runs_alone), false),
        },
        Whose::Nobody => (of_span(), true),
    };
    match state {
        Some(state) => state.activity.panics.note(panic, certain),
        None => report_unattributed(&panic, &whose),
    }
}

fn report_unattributed(panic: &Panic, whose: &Whose) {
    let thread = thread::current();
    // Libtest calls the threads of plain tests after these; what they panic with is theirs.
    let is_of_plain_test = thread
        .name()
        .is_some_and(|name| name == "main" || name.contains("::"));
    if matches!(whose, Whose::Plain) && (is_of_plain_test || running_tests::all().is_empty()) {
        return;
    }
    stderr::print(&format!(
        "ssot: a panic belongs to no test that is known: {panic} (thread {}); while a thread works for a test, have it hold \
         case.enter()\n",
        thread.name().unwrap_or("without a name")
    ));
}
