//! State that outlives an execution: statics, thread-locals.

use std::cell::RefCell;
use std::collections::HashMap;
use std::sync::{LazyLock, Mutex, OnceLock};
use std::time::Duration;

use ssot_harness::prelude::*;
use tokio::task::yield_now;
use tokio::time::sleep;

use crate::systems::{LONG, kinds};

fn check<F>(script: F) -> Check<()>
where
    F: AsyncFn(&User) -> ScriptResult + Send + Sync + 'static,
{
    isolation(async || ())
        .users(2, async move |user: &User, (): &()| script(user).await)
        .within(LONG)
        .executions(500)
        .without_regressions()
}

#[track_caller]
fn is_leak_that_outlives(verdict: Verdict) {
    let failure = verdict.expect_err("it is found");
    assert_eq!(failure.violations()[0].kind(), Kind::ContextLeak, "{failure}");
    let report = failure
        .to_string()
        .split_whitespace()
        .collect::<Vec<_>>()
        .join(" ");
    assert!(report.contains("something outlives an execution"), "{failure}");
    assert!(report.contains("solo run"), "{failure}");
}

#[test]
fn a_cache_in_a_static_is_a_leak_and_not_vacuous() {
    static CACHE: LazyLock<Mutex<HashMap<String, String>>> = LazyLock::new(Mutex::default);
    is_leak_that_outlives(
        check(async |user| {
            let text = CACHE
                .lock()
                .unwrap()
                .entry("inbox".into())
                .or_insert(user.secret("note"))
                .clone();
            sleep(Duration::from_millis(1)).await;
            user.saw(Surface::Reply, &text);
            Ok(())
        })
        .check(),
    );
}

#[test]
fn the_first_one_for_all_is_a_leak() {
    static IDENTITY: OnceLock<String> = OnceLock::new();
    is_leak_that_outlives(
        check(async |user| {
            yield_now().await;
            user.saw(Surface::Reply, IDENTITY.get_or_init(|| user.secret("identity")));
            Ok(())
        })
        .check(),
    );
}

/// Each is handed what was left by whoever came last.
#[test]
fn what_the_last_one_left_in_a_thread_local_is_a_leak() {
    thread_local! {
        static LAST: RefCell<String> = const { RefCell::new(String::new()) };
    }
    is_leak_that_outlives(
        check(async |user| {
            let before = LAST.replace(user.secret("note"));
            yield_now().await;
            user.saw(Surface::Reply, &(user.secret("note"), before));
            Ok(())
        })
        .check(),
    );
}

static CACHE: Mutex<Option<HashMap<String, String>>> = Mutex::new(None);
static AT_HAND: Mutex<String> = Mutex::new(String::new());

async fn profile(card: &str, faulty: bool) -> String {
    if let Some(known) = CACHE.lock().unwrap().get_or_insert_default().get(card) {
        return known.clone();
    }
    card.clone_into(&mut AT_HAND.lock().unwrap());
    yield_now().await;
    let found = if faulty {
        AT_HAND.lock().unwrap().clone()
    } else {
        card.to_owned()
    };
    CACHE
        .lock()
        .unwrap()
        .get_or_insert_default()
        .insert(card.to_owned(), found.clone());
    found
}

/// The way that is taken only before a static is filled, for each user anew.
fn cold(faulty: bool) -> Verdict {
    check(async move |user| {
        let card = user.secret(if faulty { "card" } else { "paper" });
        user.saw(Surface::Reply, &(&card, profile(&card, faulty).await));
        Ok(())
    })
    .check()
}

#[test]
fn a_leak_on_the_way_that_a_static_closes_is_found() {
    assert_eq!(kinds(cold(true)), ["context-leak"]);
    // The sound one is not accused, is told of the way, and has no certificate.
    let report = cold(false).unwrap();
    assert!(report.certificate().is_none(), "{report}");
    assert!(report.caveats()[0].contains("first solo run"), "{report}");
    assert!(report.caveats()[0].contains("ada"), "{report}");
}

/// A static that is filled once for all: only the very first user takes the other way.
#[test]
fn a_start_that_happens_once_in_a_process_is_told() {
    static READY: OnceLock<()> = OnceLock::new();
    let report = check(async |user| {
        if READY.get().is_none() {
            yield_now().await;
            READY.get_or_init(|| ());
        }
        user.saw(Surface::Reply, &user.secret("own"));
        Ok(())
    })
    .check()
    .unwrap();
    assert!(report.certificate().is_none(), "{report}");
    assert!(report.caveats()[0].contains("ada's first solo run"), "{report}");
}

/// That what is random is random is no sign of a static.
#[test]
fn a_course_that_differs_every_time_is_no_cold_start() {
    static COUNT: std::sync::atomic::AtomicUsize = std::sync::atomic::AtomicUsize::new(0);
    let report = check(async |user| {
        let count = COUNT.fetch_add(1, std::sync::atomic::Ordering::SeqCst);
        for _ in 0..count % 7 {
            yield_now().await;
        }
        user.saw(Surface::Reply, &user.secret("own"));
        Ok(())
    })
    .check()
    .unwrap();
    assert!(
        !report
            .caveats()
            .iter()
            .any(|caveat| caveat.contains("first solo run")),
        "{report}"
    );
}

/// A worker in a static is gone with the runtime of the first execution.
#[test]
fn a_worker_that_died_with_an_earlier_execution_is_told() {
    type Job = tokio::sync::oneshot::Sender<()>;
    static WORKER: OnceLock<tokio::sync::mpsc::UnboundedSender<Job>> = OnceLock::new();
    let failure = check(async |user| {
        let worker = WORKER.get_or_init(|| {
            let (jobs, mut queue) = tokio::sync::mpsc::unbounded_channel::<Job>();
            drop(tokio::spawn(async move {
                while let Some(done) = queue.recv().await {
                    done.send(()).unwrap_or(());
                }
            }));
            jobs
        });
        let (done, over) = tokio::sync::oneshot::channel();
        worker.send(done)?;
        over.await?;
        user.saw(Surface::Reply, &user.secret("own"));
        Ok(())
    })
    .check()
    .unwrap_err();
    assert_eq!(failure.kind(), FailureKind::Alone);
    assert!(
        failure.to_string().contains("something outlives an execution"),
        "{failure}"
    );
}
