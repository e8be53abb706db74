//! Waits that are no await of tokio's own, and tasks of a `LocalSet`.

use std::sync::Mutex;
use std::time::Duration;

use rstest::rstest;
use ssot_harness::interleave::RuntimeTopology;
use ssot_harness::prelude::*;
use tokio::sync::oneshot;
use tokio::task::{spawn_blocking, spawn_local, yield_now};
use tokio::time::{sleep, timeout};

use crate::systems::{LONG, kinds};

#[derive(Clone, Copy, Debug, PartialEq)]
enum Wait {
    Blocking,
    Thread,
    NamedThread,
    SlowThread,
    Local,
    LocalTimer,
}

async fn wait(kind: Wait) {
    let answered = |name: Option<&str>, after: Duration| {
        let (answer, answered) = oneshot::channel();
        let mut thread = std::thread::Builder::new();
        if let Some(name) = name {
            thread = thread.name(name.to_owned());
        }
        let started = thread.spawn(move || {
            std::thread::sleep(after);
            // The caller may be gone.
            answer.send(()).unwrap_or(());
        });
        drop(started.unwrap());
        answered
    };
    match kind {
        Wait::Blocking => spawn_blocking(|| ()).await.unwrap(),
        Wait::Thread => answered(None, Duration::ZERO).await.unwrap(),
        Wait::NamedThread => answered(Some("db-driver"), Duration::ZERO).await.unwrap(),
        // Virtual time does not run away from it.
        Wait::SlowThread => timeout(Duration::from_secs(20), answered(None, Duration::from_millis(30)))
            .await
            .unwrap()
            .unwrap(),
        Wait::Local => spawn_local(async {}).await.unwrap(),
        Wait::LocalTimer => spawn_local(sleep(Duration::from_millis(3))).await.unwrap(),
    }
}

fn across(kind: Wait, leaks: bool, executions: u64) -> Check<Mutex<String>> {
    isolation(async || Mutex::new(String::new()))
        .users(2, async move |user: &User, at_hand: &Mutex<String>| {
            let own = user.secret("card");
            own.clone_into(&mut at_hand.lock().unwrap());
            wait(kind).await;
            let card = at_hand.lock().unwrap().clone();
            user.saw(Surface::Reply, if leaks { &card } else { &own });
            Ok(())
        })
        .within(LONG)
        .executions(executions)
        .without_regressions()
}

#[rstest]
#[case(Wait::Blocking)]
#[case(Wait::Thread)]
#[case(Wait::NamedThread)]
#[case(Wait::SlowThread)]
#[case(Wait::Local)]
#[case(Wait::LocalTimer)]
fn a_leak_across_any_await_is_found(#[case] kind: Wait) {
    assert_eq!(kinds(across(kind, true, 100).check()), ["context-leak"]);
    let executions = if kind == Wait::SlowThread { 3 } else { 40 };
    across(kind, false, executions).check().unwrap();
}

#[test]
fn a_thread_that_wakes_users_is_named_and_no_certificate_is_given() {
    let report = across(Wait::NamedThread, false, 20).check().unwrap();
    assert!(report.certificate().is_none(), "{report}");
    // A thread that is quick is heard only where its answer is waited for already, and may make a difference before.
    let is_named = report
        .caveats()
        .iter()
        .any(|caveat| caveat.contains("`db-driver`"));
    assert!(is_named, "{report}");
    let failure = across(Wait::NamedThread, true, 100).check().unwrap_err();
    assert!(failure.is_best_effort());
    // A replay waits for whom the schedule names; a thread that answers sooner than then cannot be held back.
    let text = failure.replay_text().unwrap();
    let found = (0..20).filter(|_| across(Wait::NamedThread, true, 1).replay(text).check().is_err());
    assert!(found.count() >= 10);
}

#[test]
fn local_tasks_are_a_runtime_of_the_schedule() {
    for topology in RuntimeTopology::ALL {
        let failure = across(Wait::Local, true, 100)
            .layout(topology)
            .check()
            .unwrap_err();
        assert!(failure.to_string().contains("the local tasks run"), "{failure}");
        assert!(!failure.is_nondeterministic());
        let text = failure.replay_text().unwrap();
        assert_eq!(
            kinds(across(Wait::Local, true, 1).replay(text).check()),
            ["context-leak"]
        );
    }
}

/// A worker of the system's own, in a `LocalSet`.
#[test]
fn a_system_may_have_local_tasks() {
    let worker = |faulty: bool| {
        isolation(async move || {
            let (jobs, mut queue) =
                tokio::sync::mpsc::unbounded_channel::<(String, oneshot::Sender<String>)>();
            spawn_local(async move {
                let mut last = String::new();
                while let Some((text, answer)) = queue.recv().await {
                    yield_now().await;
                    let before = std::mem::replace(&mut last, text.clone());
                    let text = if faulty && !before.is_empty() {
                        before
                    } else {
                        text
                    };
                    // The user may be gone.
                    drop(answer.send(text));
                }
            });
            jobs
        })
        .users(
            2,
            async |user: &User, jobs: &tokio::sync::mpsc::UnboundedSender<_>| {
                let (answer, answered) = oneshot::channel();
                jobs.send((user.secret("job"), answer))?;
                user.saw(Surface::Reply, &answered.await?);
                Ok(())
            },
        )
        .within(LONG)
        .executions(200)
        .without_regressions()
        .check()
    };
    worker(false).unwrap();
    assert_eq!(kinds(worker(true)), ["context-leak"]);
}

/// An await that is ready is no place for another to run, and the certificate does not say so.
#[test]
fn a_certificate_says_what_it_covers() {
    let report = isolation(async || Mutex::new(String::new()))
        .users(2, async |user: &User, at_hand: &Mutex<String>| {
            user.secret("card").clone_into(&mut at_hand.lock().unwrap());
            std::future::ready(()).await;
            let card = at_hand.lock().unwrap().clone();
            user.saw(Surface::Reply, &card);
            Ok(())
        })
        .within(LONG)
        .without_regressions()
        .check()
        .unwrap();
    let certificate = report.certificate().unwrap().to_string();
    assert!(!certificate.contains("every schedule"), "{certificate}");
    assert!(
        certificate.contains("every order of polls was run: 2"),
        "{certificate}"
    );
    assert!(
        report.to_string().contains("ready awaits are no part of it"),
        "{report}"
    );
}
