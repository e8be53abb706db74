//! Tasks, and their panics, as far as they may be.

use std::future;

use ssot_harness::prelude::*;

#[ssot_harness::test]
async fn a_panic_that_somebody_waits_for_is_no_fault(case: &Case) {
    let panics = case.spawn(async {
        tokio::task::yield_now().await;
        assert_eq!(1, 2, "on purpose");
    });
    let error = panics.await.unwrap_err();
    assert!(error.is_panic());
}

#[ssot_harness::test]
async fn what_is_allowed_may_be(case: &Case) {
    case.allow_tasks(2);
    case.allow_panics(1);
    drop(case.spawn(future::pending::<()>()));
    drop(tokio::spawn(future::pending::<()>()));
    drop(tokio::spawn(async { panic!("on purpose") }));
    tokio::task::yield_now().await;
}

#[ssot_harness::test]
async fn a_task_that_is_about_to_end_is_waited_for(case: &Case) {
    let (end, ended) = tokio::sync::oneshot::channel::<()>();
    drop(tokio::spawn(async move {
        for _ in 0..20 {
            tokio::task::yield_now().await;
        }
        drop(ended.await);
    }));
    case.on_cleanup(async move { end.send(()).map_err(|()| CaseError::new("the task is gone")) });
}

#[ssot_harness::test]
async fn a_task_can_be_aborted(case: &Case) {
    let task = case.spawn(future::pending::<()>());
    assert!(!task.is_finished());
    task.abort();
    assert!(task.await.unwrap_err().is_cancelled());
    let task = case.spawn(future::pending::<()>());
    task.abort_handle().abort();
    tokio::task::yield_now().await;
    assert!(task.is_finished());
}

#[ssot_harness::test]
async fn a_panic_that_the_body_catches_is_the_bodys_own_affair() {
    let caught = std::panic::catch_unwind(|| panic!("on purpose"));
    assert!(caught.is_err());
}
