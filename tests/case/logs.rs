//! What a test and its system log.

use std::thread;

use ssot_harness::prelude::*;
use tracing::Instrument as _;
use tracing_test::traced_test;

fn messages(logs: &Logs) -> Vec<&str> {
    logs.iter().map(ssot_harness::logs::LogEvent::message).collect()
}

#[ssot_harness::test(flavor = "multi_thread", worker_threads = 2)]
async fn every_task_and_thread_of_the_test_is_heard(case: &Case) -> CaseResult {
    tracing::info!("body");
    tokio::spawn(async { tracing::info!("task") }).await?;
    case.spawn(async { tracing::info!("task of the case") }).await?;
    tokio::task::spawn_blocking(|| tracing::info!("blocking task")).await?;
    let entering = case.clone();
    let named = thread::Builder::new().name("mailer".to_owned());
    named
        .spawn(move || {
            let _case = entering.enter();
            tracing::info!("thread that has entered");
        })?
        .join()
        .unwrap();
    let span = tracing::info_span!("request");
    let named = thread::Builder::new().name("poller".to_owned());
    named
        .spawn(move || span.in_scope(|| tracing::info!("thread in a span of the test")))?
        .join()
        .unwrap();
    let mut expected = vec![
        "body",
        "task",
        "task of the case",
        "blocking task",
        "thread that has entered",
        "thread in a span of the test",
    ];
    if cfg!(target_os = "linux") {
        thread::spawn(|| tracing::info!("thread without a name"))
            .join()
            .unwrap();
        expected.push("thread without a name");
    }
    assert_eq!(messages(&case.logs()), expected);
    Ok(())
}

/// Whoever runs at the same time, in this process, logs the same.
#[ssot_harness::test]
async fn the_logs_of_tests_stay_apart_1(case: &Case) {
    log_and_look(case, "1").await;
}

#[ssot_harness::test]
async fn the_logs_of_tests_stay_apart_2(case: &Case) {
    log_and_look(case, "2").await;
}

async fn log_and_look(case: &Case, mine: &str) {
    for _ in 0..50 {
        tracing::info!(mine, "mine");
        tokio::task::yield_now().await;
        thread::yield_now();
    }
    assert_eq!(case.logs().len(), 50);
    assert_eq!(case.logs().with_field("mine", mine).len(), 50);
}

#[ssot_harness::test]
async fn logs_are_found_by_what_is_in_them(case: &Case) {
    let [ada, ben] = case.users();
    let request = tracing::info_span!("request", user = %ada.id());
    async {
        tracing::warn!(attempts = 3, "refused");
        tracing::debug!("looked up");
    }
    .instrument(request)
    .await;
    tracing::error!(user = %ben.id(), "refused for good");
    let logs = case.logs();
    assert_eq!(
        messages(&logs.containing("refused")),
        ["refused", "refused for good"]
    );
    assert_eq!(messages(&logs.at(Level::WARN)), ["refused"]);
    assert_eq!(
        messages(&logs.at_least(Level::WARN)),
        ["refused", "refused for good"]
    );
    assert_eq!(messages(&logs.with_field("attempts", 3)), ["refused"]);
    assert_eq!(messages(&logs.in_span("request")), ["refused", "looked up"]);
    assert_eq!(
        messages(
            &logs
                .at(Level::ERROR)
                .with_field("user", ben.id())
                .containing("good")
        ),
        ["refused for good"]
    );
    assert!(logs.containing("accepted").is_empty());
}

#[traced_test]
#[ssot_harness::test]
async fn tracing_test_works_beside(case: &Case) {
    tracing::info!("seen by both");
    assert!(logs_contain("seen by both"));
    assert!(!logs_contain("seen by nobody"));
    assert_eq!(messages(&case.logs()), ["seen by both"]);
    tokio::spawn(async { tracing::info!("from a task") })
        .await
        .unwrap();
    thread::spawn(|| tracing::info!("from a thread")).join().unwrap();
    assert!(!logs_contain("from a thread"), "that is where its limit is");
    assert!(!case.logs().containing("from a task").is_empty());
}

#[ssot_harness::test]
#[traced_test]
async fn tracing_test_works_below_too(case: &Case) {
    tracing::info!("seen by both");
    assert!(logs_contain("seen by both"));
    assert_eq!(messages(&case.logs()), ["seen by both"]);
}
