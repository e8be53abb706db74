//! Whose event is whose, with several tests at once.

use std::sync::{Arc, Barrier};
use std::thread;

use tracing::Instrument as _;

use super::{Capture, Level, Logs, listen};
use crate::current::{self, CurrentTest};

/// Has this thread work for a test, as the threads of a test case do.
fn within<R>(test: &Arc<CurrentTest>, work: impl FnOnce() -> R) -> R {
    let _test = current::enter(Some(Arc::clone(test)));
    let _logs = listen();
    work()
}

fn test(name: &str) -> Arc<CurrentTest> {
    CurrentTest::new(module_path!(), name)
}

fn messages(logs: &Logs) -> Vec<&str> {
    logs.iter().map(super::LogEvent::message).collect()
}

#[test]
fn tests_that_run_at_once_keep_their_own_events() {
    let both = Barrier::new(2);
    let logged = |name: &'static str| {
        let test = test(name);
        let capture = Capture::begin(&test);
        within(&test, || {
            both.wait();
            tracing::info!("{name} says so");
            both.wait();
        });
        capture.logs()
    };
    let (one, other) = thread::scope(|scope| {
        let one = scope.spawn(|| logged("one"));
        let other = scope.spawn(|| logged("other"));
        (one.join().unwrap(), other.join().unwrap())
    });
    assert_eq!(messages(&one), ["one says so"]);
    assert_eq!(messages(&other), ["other says so"]);
}

#[test]
fn a_capture_has_what_is_logged_while_it_lives() {
    let test = test("while_it_lives");
    within(&test, || {
        tracing::info!("before");
        let capture = Capture::begin(&test);
        assert!(capture.logs().is_empty(), "{:?}", capture.logs());
        tracing::info!("while");
        let logs = capture.logs();
        drop(capture);
        tracing::info!("after");
        assert_eq!(messages(&logs), ["while"]);
        assert!(Capture::begin(&test).logs().is_empty());
    });
}

#[test]
fn the_threads_of_a_tests_runtime_log_for_it() {
    let test = test("runtime");
    let capture = Capture::begin(&test);
    let of_thread = Arc::clone(&test);
    let runtime = tokio::runtime::Builder::new_multi_thread()
        .worker_threads(2)
        .on_thread_start(move || {
            std::mem::forget(current::enter(Some(Arc::clone(&of_thread))));
            listen().stay();
        })
        .build()
        .unwrap();
    runtime.block_on(async {
        let task = tokio::spawn(async { tracing::warn!(from = "task", "at work") });
        task.await.unwrap();
        let blocking = tokio::task::spawn_blocking(|| tracing::warn!(from = "blocking", "at work"));
        blocking.await.unwrap();
    });
    for from in ["task", "blocking"] {
        assert_eq!(
            capture.logs().at(Level::WARN).with_field("from", from).len(),
            1,
            "{:?}",
            capture.logs()
        );
    }
}

#[test]
fn a_span_takes_its_test_to_other_threads() {
    let (test, other) = (test("owner"), test("other"));
    let (capture, others) = (Capture::begin(&test), Capture::begin(&other));
    let span = within(&test, || tracing::info_span!("job", number = 7));
    let entered = span.clone();
    thread::spawn(move || {
        entered.in_scope(|| tracing::info_span!("part").in_scope(|| tracing::info!("in a span")));
    })
    .join()
    .unwrap();
    let foreign = tokio::runtime::Builder::new_multi_thread()
        .worker_threads(1)
        .build()
        .unwrap();
    let task = foreign.spawn(async { tracing::info!("in a task") }.instrument(span.clone()));
    foreign.block_on(task).unwrap();
    within(&other, || {
        span.in_scope(|| tracing::info!("on the other's thread"));
    });
    let logs = capture.logs();
    assert_eq!(
        messages(&logs),
        ["in a span", "in a task", "on the other's thread"]
    );
    assert_eq!(logs.with_field("number", 7).len(), 3, "{logs:?}");
    assert!(others.logs().is_empty(), "{:?}", others.logs());
}

#[test]
fn an_explicit_parent_counts_and_an_explicit_root_has_none() {
    let test = test("parents");
    let capture = Capture::begin(&test);
    within(&test, || {
        let job = tracing::info_span!("job");
        tracing::info_span!("elsewhere").in_scope(|| {
            tracing::info!(parent: &job, "of the job");
            tracing::info!(parent: None, "of nothing");
            tracing::info_span!(parent: &job, "part").in_scope(|| tracing::info!("of a part"));
            tracing::info_span!(parent: None, "apart").in_scope(|| tracing::info!("apart"));
        });
    });
    let spans: Vec<String> = capture
        .logs()
        .iter()
        .map(|event| {
            let names: Vec<_> = event.spans().iter().map(super::LogSpan::name).collect();
            names.join(" ")
        })
        .collect();
    assert_eq!(spans, ["job", "", "job part", "apart"]);
}

#[test]
fn a_span_that_is_left_is_not_around_what_comes_after() {
    let test = test("left");
    let capture = Capture::begin(&test);
    within(&test, || {
        let [one, other] = ["one", "other"].map(|name| tracing::info_span!(parent: None, "job", name));
        let first = one.enter();
        tracing::info!("in one");
        let second = other.enter();
        drop(first);
        tracing::info!("in the other");
        let third = one.enter();
        drop(third);
        tracing::info!("in the other still");
        drop(second);
        tracing::info!("in none");
    });
    let logs = capture.logs();
    let names: Vec<_> = logs
        .iter()
        .map(|event| event.spans().iter().find_map(|span| span.field("name")))
        .collect();
    assert_eq!(
        names,
        [Some("one"), Some("other"), Some("other"), None],
        "{logs:?}"
    );
}

#[test]
fn an_event_that_may_be_anybodys_is_stray_for_everybody() {
    let captures = [test("one"), test("other")].map(|test| Capture::begin(&test));
    thread::Builder::new()
        .name("nobody's".to_owned())
        .spawn(|| tracing::error!("who am I working for?"))
        .unwrap()
        .join()
        .unwrap();
    for capture in &captures {
        let logs = capture.logs();
        assert!(logs.is_empty(), "{logs:?}");
        // Other tests of this process may leave strays of their own.
        let stray = logs.stray().containing("who am I working for?");
        assert_eq!(
            stray.iter().map(super::LogEvent::thread).collect::<Vec<_>>(),
            [Some("nobody's")]
        );
    }
}

#[test]
fn what_a_test_that_has_ended_left_running_is_nobodys_affair() {
    let (ended, running) = (test("ended"), test("running"));
    let span = within(&ended, || {
        let _capture = Capture::begin(&ended);
        tracing::info_span!("left")
    });
    let capture = Capture::begin(&running);
    span.in_scope(|| tracing::info!("still here"));
    let logs = capture.logs();
    assert!(
        logs.is_empty() && logs.stray().containing("still here").is_empty(),
        "{logs:?}"
    );
}

/// The attribute is on a function that is called in the midst of a capture: on the test itself, what it installs would
/// depend on which test of this process comes first.
#[tracing_test::traced_test]
fn traced(capture: &Capture) {
    tracing::info!("heard by both");
    tracing::info_span!("within").in_scope(|| tracing::trace!("heard within"));
    assert!(logs_contain("heard by both") && logs_contain("heard within"));
    assert!(!logs_contain("said to nobody") && !logs_contain("logged elsewhere"));
    assert_eq!(capture.logs().in_span("traced").len(), 2, "{:?}", capture.logs());
}

#[test]
fn traced_test_hears_its_own_beside_a_capture() {
    let test = test("beside");
    let capture = Capture::begin(&test);
    within(&test, || {
        tracing::info!("logged elsewhere");
        traced(&capture);
        tracing::info_span!("job", number = 7).in_scope(|| tracing::info!("logged elsewhere"));
        assert_eq!(capture.logs().len(), 4);
    });
    let buffer = tracing_test::internal::global_buf().lock().unwrap();
    let heard = String::from_utf8_lossy(&buffer);
    assert!(
        heard.contains("heard by both") && !heard.contains("logged elsewhere"),
        "{heard}"
    );
}
