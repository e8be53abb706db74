//! Async closures that say what is live in a system.

use std::sync::Arc;

use ssot_harness::oracle::Kind;
use ssot_harness::prelude::*;
use tokio::sync::{Mutex, RwLock, mpsc, oneshot};
use tokio::task::yield_now;

#[derive(Default)]
struct Desk {
    sessions: Mutex<u32>,
}

impl Desk {
    async fn visit(&self, user: &User, is_closed: bool) {
        *self.sessions.lock().await += 1;
        yield_now().await;
        user.saw(Surface::Reply, &user.secret("card"));
        if is_closed {
            *self.sessions.lock().await -= 1;
        }
    }

    async fn live(&self) -> u32 {
        yield_now().await;
        *self.sessions.lock().await
    }
}

fn check(is_closed: bool) -> Verdict {
    isolation(async || Desk::default())
        .users(2, async move |user: &User, desk: &Desk| {
            desk.visit(user, is_closed).await;
            Ok(())
        })
        .inspect_async(async |desk: &Desk| desk.live().await)
        .cancellations(0)
        .executions(60)
        .without_regressions()
        .check()
}

#[test]
fn an_async_inspection_finds_what_is_left() {
    check(true).unwrap();
    let failure = check(false).unwrap_err();
    assert_eq!(failure.violations()[0].kind(), Kind::Residue, "{failure}");
}

/// It waits for a task of the system, and uses what it has captured.
#[test]
fn an_async_inspection_may_ask_a_task_of_the_system() {
    type Question = oneshot::Sender<usize>;
    let names = Arc::new(vec!["live"]);
    let verdict = isolation(async || {
        let (asks, mut asked) = mpsc::channel::<Question>(1);
        let state = Arc::new(RwLock::new(0_usize));
        let counted = Arc::clone(&state);
        tokio::spawn(async move {
            while let Some(answer) = asked.recv().await {
                answer.send(*counted.read().await).unwrap();
            }
        });
        (state, asks)
    })
    .users(
        2,
        async |user: &User, (state, _): &(Arc<RwLock<usize>>, mpsc::Sender<Question>)| {
            *state.write().await += 1;
            yield_now().await;
            user.saw(Surface::Reply, &user.secret("card"));
            *state.write().await -= 1;
            Ok(())
        },
    )
    .inspect_async(
        async move |(_, asks): &(Arc<RwLock<usize>>, mpsc::Sender<Question>)| {
            let (answer, answered) = oneshot::channel();
            asks.send(answer).await.unwrap();
            (names[0], answered.await.unwrap())
        },
    )
    .cancellations(0)
    .executions(60)
    .without_regressions()
    .check();
    verdict.unwrap();
}

#[test]
fn an_async_inspection_that_never_ends_is_told() {
    let verdict = isolation(async || ())
        .users(2, async |user: &User, (): &()| {
            user.saw(Surface::Reply, &user.secret("card"));
            Ok(())
        })
        .inspect_async(async |(): &()| std::future::pending::<u32>().await)
        .without_regressions()
        .check();
    let failure = verdict.unwrap_err().to_string();
    assert!(failure.contains("does not come to its end"), "{failure}");
}
