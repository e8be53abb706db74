//! Logs beside other subscribers. Each test is a process of its own, for a process has one subscriber.

use std::env;
use std::process::Command;
use std::sync::Mutex;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::Duration;

use ssot_harness::prelude::*;
use tokio::task::yield_now;
use tracing::span::{Attributes, Id, Record};
use tracing::{Event, Metadata, Subscriber, dispatcher};
use tracing_test::traced_test;

const ALONE: &str = "SSOT_TEST_ALONE";

/// Runs `body` in a process in which nothing has been logged yet: this test program, again, with this test alone.
#[track_caller]
fn in_its_own_process(test: &str, body: fn()) {
    if env::var_os(ALONE).is_some() {
        return body();
    }
    let output = Command::new(env::current_exe().unwrap())
        .args(["--exact", test, "--nocapture", "--test-threads=1"])
        .env(ALONE, "1")
        .output()
        .unwrap();
    let said = [output.stdout, output.stderr].map(|text| String::from_utf8_lossy(&text).into_owned());
    assert!(output.status.success(), "{}", said.join("\n"));
    assert!(said[0].contains("1 passed"), "{test} is no test: {}", said[0]);
}

/// Finds that one user's card shows in what another one logs.
#[track_caller]
fn is_found() {
    let verdict = isolation(async || Mutex::new(Vec::new()))
        .users(2, async |user: &User, cards: &Mutex<Vec<String>>| {
            user.saw(Surface::Reply, &user.secret("card"));
            cards.lock().unwrap().push(user.secret("card"));
            yield_now().await;
            tracing::info_span!("serving").in_scope(|| tracing::info!(?cards, "served"));
            Ok(())
        })
        .logs()
        .executions(200)
        .without_regressions()
        .check();
    let failure = verdict.expect_err("it is found");
    assert_eq!(failure.violations()[0].surface(), Some(Surface::Log), "{failure}");
}

/// The same in one poll, where racing threads alone can find it.
#[track_caller]
fn is_found_by_racing_threads() {
    let verdict = isolation(async || Mutex::new(String::new()))
        .users(2, async |user: &User, last: &Mutex<String>| {
            user.saw(Surface::Reply, &user.secret("card"));
            *last.lock().unwrap() = user.secret("card");
            std::thread::yield_now();
            tracing::info!(card = *last.lock().unwrap(), "charged");
            Ok(())
        })
        .logs()
        .race(20_000)
        .within(Duration::from_secs(600))
        .without_regressions()
        .check();
    let failure = verdict.expect_err("it is found");
    assert_eq!(failure.violations()[0].surface(), Some(Surface::Log), "{failure}");
}

#[traced_test]
fn traced() {
    tracing::info!("in a traced test");
    assert!(logs_contain("in a traced test") && !logs_contain("in another"));
    is_found();
    tracing::info!("and after");
    assert!(
        logs_contain("and after") && !logs_contain("served"),
        "the check has a thread of its own"
    );
}

#[test]
fn a_check_in_a_traced_test_that_came_first() {
    in_its_own_process("a_check_in_a_traced_test_that_came_first", traced);
}

#[test]
fn a_traced_test_after_a_check() {
    in_its_own_process("a_traced_test_after_a_check", || {
        is_found();
        traced();
    });
}

/// Counts what it hears.
struct Counting;

static EVENTS: AtomicU64 = AtomicU64::new(0);

impl Subscriber for Counting {
    fn enabled(&self, _: &Metadata<'_>) -> bool {
        true
    }

    fn new_span(&self, _: &Attributes<'_>) -> Id {
        Id::from_u64(1)
    }

    fn record(&self, _: &Id, _: &Record<'_>) {}

    fn record_follows_from(&self, _: &Id, _: &Id) {}

    fn event(&self, _: &Event<'_>) {
        EVENTS.fetch_add(1, Ordering::Relaxed);
    }

    fn enter(&self, _: &Id) {}

    fn exit(&self, _: &Id) {}
}

#[test]
fn a_check_where_the_program_has_a_subscriber() {
    in_its_own_process("a_check_where_the_program_has_a_subscriber", || {
        dispatcher::set_global_default(Counting.into()).unwrap();
        tracing::info!("before");
        is_found();
        is_found_by_racing_threads();
        let heard = EVENTS.load(Ordering::Relaxed);
        assert!(heard > 2, "it hears what the users log: {heard}");
        tracing::info!("after");
        assert_eq!(EVENTS.load(Ordering::Relaxed), heard + 1);
        let panic = std::panic::catch_unwind(traced).expect_err("as without a check: there is a subscriber");
        let message = panic.downcast_ref::<String>().unwrap();
        assert!(
            message.contains("Could not set global tracing subscriber"),
            "{message}"
        );
    });
}

#[test]
fn a_check_where_the_thread_has_a_subscriber() {
    in_its_own_process("a_check_where_the_thread_has_a_subscriber", || {
        dispatcher::with_default(&Counting.into(), || {
            is_found();
            assert!(EVENTS.load(Ordering::Relaxed) > 2, "it hears what the users log");
        });
        traced();
    });
}

/// It has nothing to do with what tests log until the first capture.
#[test]
fn a_check_that_does_not_ask_for_logs_leaves_the_process_alone() {
    in_its_own_process(
        "a_check_that_does_not_ask_for_logs_leaves_the_process_alone",
        || {
            let verdict = isolation(async || ())
                .users(2, async |user: &User, (): &()| {
                    user.saw(Surface::Reply, &user.secret("card"));
                    Ok(())
                })
                .without_regressions()
                .check();
            verdict.unwrap();
            dispatcher::set_global_default(Counting.into()).unwrap();
        },
    );
}
