//! Small systems to check, and what a check of them comes to.

use std::cell::RefCell;
use std::collections::BTreeMap;
use std::time::Duration;

use ssot_harness::prelude::*;
use tokio::task::yield_now;

/// A slow machine is no reason to search less.
pub(crate) const LONG: Duration = Duration::from_secs(600);

/// Keeps a note for each user, and its users apart.
#[derive(Debug, Default)]
pub(crate) struct Notes(RefCell<BTreeMap<String, String>>);

impl Notes {
    pub(crate) async fn swap(&self, user: &str, note: &str) -> Option<String> {
        yield_now().await;
        self.0.borrow_mut().insert(user.to_owned(), note.to_owned());
        yield_now().await;
        self.0.borrow_mut().remove(user)
    }
}

/// The script that sees its own note.
pub(crate) async fn own_note(user: &User, notes: &Notes) -> ScriptResult {
    let note = notes.swap(user.id(), &user.secret("note")).await;
    user.saw(Surface::Reply, &note);
    Ok(())
}

/// A check of sound notes.
pub(crate) fn sound(users: usize) -> Check<Notes> {
    isolation(async || Notes::default())
        .users(users, own_note)
        .within(LONG)
        .without_regressions()
}

/// Keeps the last note only.
#[derive(Debug, Default)]
pub(crate) struct OneNote(RefCell<String>);

impl OneNote {
    pub(crate) async fn swap(&self, note: &str) -> String {
        note.clone_into(&mut self.0.borrow_mut());
        yield_now().await;
        self.0.borrow().clone()
    }
}

/// A check that fails, with one preemption.
pub(crate) fn leaky(users: usize) -> Check<OneNote> {
    isolation(async || OneNote::default())
        .users(users, async |user: &User, notes: &OneNote| {
            let note = notes.swap(&user.secret("note")).await;
            user.saw(Surface::Reply, &note);
            Ok(())
        })
        .within(LONG)
        .without_regressions()
}

/// The kinds of the violations that a check reports.
#[track_caller]
pub(crate) fn kinds(verdict: Verdict) -> Vec<&'static str> {
    let failure = verdict.expect_err("it is found");
    assert_eq!(failure.kind(), FailureKind::Violation, "{failure}");
    let mut kinds: Vec<_> = failure
        .violations()
        .iter()
        .map(|violation| violation.kind().as_str())
        .collect();
    kinds.dedup();
    kinds
}

/// What a person reads of a check that was refused.
#[track_caller]
pub(crate) fn refused(kind: FailureKind, verdict: Verdict) -> String {
    let failure = verdict.expect_err("it is refused");
    assert_eq!(failure.kind(), kind, "{failure}");
    assert!(failure.violations().is_empty());
    assert!(failure.schedule().is_none());
    failure.to_string()
}

/// Whether a caveat of the report contains `what`.
pub(crate) fn is_told(report: &Report, what: &str) -> bool {
    report.caveats().iter().any(|caveat| caveat.contains(what))
}
