//! Errors of scripts that are compared with nothing: which is told, and of how many executions.

use std::cell::RefCell;
use std::sync::{Arc, Mutex};

use rstest::rstest;
use ssot_harness::prelude::*;
use tokio::task::yield_now;

const EXECUTIONS: usize = 50;

/// What happened in an execution.
#[derive(Default)]
struct Seen {
    calls: usize,
    /// Two calls were in flight at once.
    is_crowded: bool,
    has_drop: bool,
    /// Who was polled, in order.
    polls: String,
    error_of_ada: Option<String>,
}

impl Seen {
    fn has_error_to_tell(&self) -> bool {
        self.is_crowded && !self.has_drop
    }
}

/// The system of one execution. What happened in it is left when it is dropped.
struct Room {
    seen: RefCell<Seen>,
    left: Arc<Mutex<Vec<Seen>>>,
}

impl Drop for Room {
    fn drop(&mut self) {
        self.left.lock().unwrap().push(self.seen.take());
    }
}

/// A call in flight.
struct Call<'r> {
    room: &'r Room,
    is_over: bool,
}

impl<'r> Call<'r> {
    fn begin(room: &'r Room) -> Self {
        let mut seen = room.seen.borrow_mut();
        seen.calls += 1;
        seen.is_crowded |= seen.calls > 1;
        Self { room, is_over: false }
    }
}

impl Drop for Call<'_> {
    fn drop(&mut self) {
        let mut seen = self.room.seen.borrow_mut();
        seen.calls -= 1;
        seen.has_drop |= !self.is_over;
    }
}

/// A check whose calls fail where `fails` says so, and what happened in its executions, in turn.
fn check(drops: u32, fails: fn(&Seen) -> bool) -> (Check<Room>, Arc<Mutex<Vec<Seen>>>) {
    let left: Arc<Mutex<Vec<Seen>>> = Arc::default();
    let rooms = Arc::clone(&left);
    let check = isolation(async move || Room {
        seen: RefCell::default(),
        left: Arc::clone(&rooms),
    })
    .users(2, async move |user: &User, room: &Room| {
        user.saw(Surface::Reply, &user.secret("own"));
        let mut call = Call::begin(room);
        for _ in 0..2 {
            room.seen.borrow_mut().polls += user.name();
            yield_now().await;
        }
        call.is_over = true;
        let mut seen = room.seen.borrow_mut();
        if fails(&seen) {
            let error = format!("{} after {}", user.name(), seen.polls);
            if user.index() == 0 {
                seen.error_of_ada = Some(error.clone());
            }
            return Err(error.into());
        }
        Ok(())
    })
    .cancellations(drops)
    .executions(EXECUTIONS as u64)
    .together()
    .without_regressions();
    (check, left)
}

/// The caveat of the errors, where there is one.
fn told(report: &Report) -> Option<&String> {
    assert_eq!(report.executions(), EXECUTIONS as u64);
    let mut caveats = report.caveats().iter();
    caveats.find(|caveat| caveat.contains("compared with nothing"))
}

#[rstest]
#[case::no_call_is_dropped(0)]
#[case::a_call_may_be_dropped(1)]
fn executions_without_a_dropped_call_are_counted_and_the_first_error_is_shown(#[case] drops: u32) {
    let (check, left) = check(drops, |seen| seen.is_crowded);
    let report = check.check().unwrap();
    let told = told(&report).unwrap();
    let left = left.lock().unwrap();
    // Solo runs come first; in the end some executions are repeated.
    let solo_runs = report.to_json()["summary"]["solo_runs"].as_u64().unwrap();
    let searched = left
        .iter()
        .skip(usize::try_from(solo_runs).unwrap())
        .take(EXECUTIONS);
    let failed: Vec<_> = searched.filter(|seen| seen.has_error_to_tell()).collect();
    assert!((2..EXECUTIONS).contains(&failed.len()));
    let count = format!("in {} executions", failed.len());
    assert!(told.contains(&count), "{count}: {told}");
    let error = failed[0].error_of_ada.as_ref().unwrap();
    let first = format!("the first was ada's, `{error}`");
    assert!(told.contains(&first), "{first}: {told}");
}

#[test]
fn an_error_that_comes_only_with_a_dropped_call_is_not_told() {
    let (check, left) = check(1, |seen| seen.has_drop);
    assert_eq!(told(&check.check().unwrap()), None);
    let left = left.lock().unwrap();
    assert!(left.iter().any(|seen| seen.error_of_ada.is_some()));
}

#[test]
fn an_error_that_is_declared_hides_no_other() {
    let (check, _) = check(0, |seen| seen.is_crowded);
    let check = check.allow(|seen| seen.text().contains("ada after"));
    let report = check.check().unwrap();
    let told = told(&report).unwrap();
    assert!(told.contains("the first was ben's, `ben after"), "{told}");
}
