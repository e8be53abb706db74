//! The check's own thread, what blocks it, and the threads beside it.

use std::cell::RefCell;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Condvar, Mutex};
use std::time::Duration;

use ssot_harness::prelude::*;
use tokio::task::{spawn_blocking, yield_now};
use tracing::span::{Attributes, Id, Record};
use tracing::{Metadata, Subscriber};

use crate::systems::{LONG, is_told};

/// Counts events.
#[derive(Clone, Default)]
struct Logs(Arc<AtomicUsize>);

impl Subscriber for Logs {
    fn enabled(&self, _: &Metadata<'_>) -> bool {
        true
    }

    fn new_span(&self, _: &Attributes<'_>) -> Id {
        Id::from_u64(1)
    }

    fn record(&self, _: &Id, _: &Record<'_>) {}

    fn record_follows_from(&self, _: &Id, _: &Id) {}

    fn event(&self, _: &tracing::Event<'_>) {
        self.0.fetch_add(1, Ordering::SeqCst);
    }

    fn enter(&self, _: &Id) {}

    fn exit(&self, _: &Id) {}
}

/// A check runs on a thread of its own, and what it logs goes where the logs of the test go.
#[test]
fn logs_go_where_those_of_the_test_go() {
    let logs = Logs::default();
    let report = tracing::subscriber::with_default(logs.clone(), || {
        isolation(async || ())
            .users(2, async |user: &User, (): &()| {
                user.saw(Surface::Reply, &user.secret("own"));
                tracing::info!(user = %user.id(), "served");
                Ok(())
            })
            .executions(10)
            .without_regressions()
            .check()
    });
    assert_eq!(report.unwrap().executions(), 10);
    assert!(
        logs.0.load(Ordering::SeqCst) > 20,
        "{}",
        logs.0.load(Ordering::SeqCst)
    );
}

/// A lock that blocks its thread, with a guard that may be held over an await: the kind that older code bases have.
#[derive(Default)]
struct Gate(Mutex<bool>, Condvar);

impl Gate {
    fn enter(&self) {
        let mut taken = self.0.lock().unwrap();
        while *taken {
            taken = self.1.wait(taken).unwrap();
        }
        *taken = true;
    }

    fn leave(&self) {
        *self.0.lock().unwrap() = false;
        self.1.notify_one();
    }
}

#[test]
fn a_poll_that_blocks_its_thread_is_a_hang() {
    let failure = isolation(async || Gate::default())
        .users(2, async |user: &User, gate: &Gate| {
            user.saw(Surface::Reply, &user.secret("own"));
            gate.enter();
            yield_now().await;
            gate.leave();
            Ok(())
        })
        .blocked_after(Duration::from_millis(400))
        .within(LONG)
        .without_regressions()
        .check()
        .unwrap_err();
    assert_eq!(failure.violations()[0].kind(), Kind::Hang, "{failure}");
    assert_eq!(failure.preemptions(), Some(1), "{failure}");
    assert!(failure.to_string().contains("blocks"), "{failure}");
    assert!(!failure.is_nondeterministic(), "{failure}");
}

#[test]
fn a_script_that_blocks_its_thread_alone_is_refused() {
    let failure = isolation(async || Gate::default())
        .users(2, async |_: &User, gate: &Gate| {
            gate.enter();
            gate.enter();
            Ok(())
        })
        .blocked_after(Duration::from_millis(300))
        .check()
        .unwrap_err();
    assert_eq!(failure.kind(), FailureKind::Alone, "{failure}");
}

/// Two atomics that must agree, with no await between: only real threads show it.
#[derive(Default)]
struct Pair(AtomicUsize, AtomicUsize);

impl Pair {
    fn stamp(&self, number: usize) -> (usize, usize) {
        self.0.store(number, Ordering::SeqCst);
        // Some work, without an await: on a machine of one core threads change places in the middle of it alone.
        for _ in 0..400 {
            std::hint::spin_loop();
        }
        self.1.store(number, Ordering::SeqCst);
        (self.0.load(Ordering::SeqCst), self.1.load(Ordering::SeqCst))
    }
}

fn stamped() -> Check<Pair> {
    isolation(async || Pair::default())
        .users(2, async |user: &User, pair: &Pair| {
            user.saw(Surface::Row, &user.secret("own"));
            for _ in 0..4 {
                yield_now().await;
                if pair.stamp(user.index() + 1) != (user.index() + 1, user.index() + 1) {
                    user.saw(Surface::Reply, "a stamp of somebody else's");
                }
            }
            Ok(())
        })
        .executions(500)
        .within(LONG)
        .without_regressions()
}

#[test]
fn a_fault_with_no_await_between_needs_racing_pairs() {
    stamped().check().unwrap();
    let failure = stamped()
        .race(20_000)
        .check()
        .expect_err("two threads meet within 20,000 executions");
    assert_eq!(failure.violations()[0].kind(), Kind::Interference);
    assert!(failure.to_string().contains("racing pairs"), "{failure}");
    assert!(failure.to_string().contains("best effort"), "{failure}");
}

/// The clock stands still, and a thread of the system's own wakes a user.
#[test]
fn a_wake_up_from_another_thread_is_not_taken_for_a_deadlock() {
    let woken = || {
        isolation(async || RefCell::new(0))
            .users(2, async |user: &User, _: &RefCell<u32>| {
                user.saw(Surface::Reply, &user.secret("own"));
                let (tell, told) = tokio::sync::oneshot::channel();
                std::thread::spawn(move || {
                    std::thread::sleep(Duration::from_millis(3));
                    // Nobody may be there any more to be told.
                    let _: Result<(), ()> = tell.send(());
                });
                told.await?;
                Ok(())
            })
            .within(LONG)
            .without_regressions()
    };
    let report = woken().executions(20).check().unwrap();
    assert!(
        report.caveats()[0].contains("threads of the system's own"),
        "{report}"
    );
    assert!(report.certificate().is_none(), "{report}");
    woken().real_io().executions(10).check().unwrap();
}

/// When a thread is done no schedule decides, also where that has made no difference yet.
#[test]
fn threads_at_work_are_told() {
    let hashing = |threads: bool, leaks: bool| {
        let last = Mutex::new(String::new());
        isolation(async || ())
            .users(2, async move |user: &User, (): &()| {
                let own = user.secret("own");
                own.clone_into(&mut last.lock().unwrap());
                if threads {
                    drop(spawn_blocking(|| ()));
                }
                yield_now().await;
                let last = last.lock().unwrap().clone();
                user.saw(Surface::Reply, if leaks { &last } else { &own });
                Ok(())
            })
            .executions(40)
            .within(LONG)
            .without_regressions()
    };
    let report = hashing(true, false).check().unwrap();
    assert!(
        is_told(&report, "spawn_blocking") && report.certificate().is_none(),
        "{report}"
    );
    let report = hashing(false, false).check().unwrap();
    assert!(
        !is_told(&report, "spawn_blocking") && report.certificate().is_some(),
        "{report}"
    );
    let failure = hashing(true, true).check().unwrap_err();
    assert!(failure.is_best_effort(), "{failure}");
    let failure = hashing(false, true).check().unwrap_err();
    assert!(!failure.is_best_effort(), "{failure}");
}
