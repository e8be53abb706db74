//! Tasks of a user: fan-out, local ones, blocking ones; and what they log.

use std::cell::RefCell;
use std::hash::{DefaultHasher, Hash as _, Hasher as _};
use std::rc::Rc;
use std::sync::{Arc, Mutex};
use std::time::Duration;

use ssot_harness::prelude::*;
use tokio::sync::{self, oneshot};
use tokio::task::{JoinSet, spawn_blocking, spawn_local, yield_now};
use tokio::time::sleep;
use tracing::{Instrument as _, info, info_span};

use crate::sound::told_apart::are_told_apart;

async fn search(shard: u64, term: String) -> (u64, String) {
    sleep(Duration::from_millis(7 * (3 - shard))).await;
    (shard, format!("{term} in shard {shard}"))
}

type Searches = sync::Mutex<JoinSet<(u64, String)>>;

/// Faulty: the parts of all searches are gathered from one set.
fn fan_out(faulty: bool) -> Check<Searches> {
    isolation(async || Searches::default()).users(2, async move |user: &User, searches: &Searches| {
        let mut own = JoinSet::new();
        let term = user.secret("term");
        user.saw(Surface::Reply, &term);
        for shard in 0..3 {
            if faulty {
                searches.lock().await.spawn(search(shard, term.clone()));
            } else {
                own.spawn(search(shard, term.clone()));
            }
        }
        let mut found = Vec::new();
        while found.len() < 3 {
            let part = if faulty {
                let mut searches = searches.lock().await;
                searches.join_next().await
            } else {
                own.join_next().await
            };
            let Some(part) = part else { break };
            found.push(part?);
        }
        found.sort();
        user.saw(Surface::Reply, &found);
        Ok(())
    })
}

#[test]
fn a_fan_out_into_a_join_set() {
    are_told_apart(Kind::ContextLeak, fan_out);
}

/// The parts in the order in which they come. Faulty: they are collected in one place for all.
fn as_they_come(faulty: bool) -> Check<Mutex<Vec<String>>> {
    isolation(async || Mutex::default()).users(2, async move |user: &User, all: &Mutex<Vec<String>>| {
        let mut parts = JoinSet::new();
        for part in ["first", "second", "third"] {
            let part = user.secret(part);
            parts.spawn(async move {
                sleep(Duration::from_millis(5)).await;
                part
            });
        }
        let own = Mutex::default();
        let collected = if faulty { all } else { &own };
        while let Some(part) = parts.join_next().await {
            collected.lock().unwrap().push(part?);
        }
        user.saw(Surface::Reply, &*collected.lock().unwrap());
        Ok(())
    })
}

#[test]
fn parts_in_the_order_in_which_they_come() {
    are_told_apart(Kind::ContextLeak, as_they_come);
}

type Canvas = Rc<RefCell<Vec<String>>>;

/// Faulty: all draw on one canvas.
fn local_tasks(faulty: bool) -> Check<Canvas> {
    isolation(async || Canvas::default()).users(2, async move |user: &User, shared: &Canvas| {
        let canvas = if faulty {
            Rc::clone(shared)
        } else {
            Canvas::default()
        };
        let mut strokes = Vec::new();
        for stroke in ["first", "second"] {
            let (canvas, stroke) = (Rc::clone(&canvas), user.secret(stroke));
            strokes.push(spawn_local(async move {
                yield_now().await;
                canvas.borrow_mut().push(stroke);
            }));
        }
        for stroke in strokes {
            stroke.await?;
        }
        let mut drawn = canvas.borrow().clone();
        drawn.sort();
        user.saw(Surface::Reply, &drawn);
        Ok(())
    })
}

#[test]
fn local_tasks_that_share_by_rc() {
    are_told_apart(Kind::ContextLeak, local_tasks);
}

fn digest(text: &str) -> u64 {
    let mut hasher = DefaultHasher::new();
    text.hash(&mut hasher);
    hasher.finish()
}

/// Faulty: what is to be hashed lies in one buffer for all.
fn blocking(faulty: bool) -> Check<Arc<Mutex<String>>> {
    isolation(async || Arc::<Mutex<String>>::default()).users(
        2,
        async move |user: &User, buffer: &Arc<Mutex<String>>| {
            let password = user.secret("password");
            user.saw(Surface::Reply, &password);
            password.clone_into(&mut buffer.lock().unwrap());
            yield_now().await;
            let password = if faulty {
                buffer.lock().unwrap().clone()
            } else {
                password
            };
            user.saw(Surface::Row, &spawn_blocking(move || digest(&password)).await?);
            Ok(())
        },
    )
}

#[test]
fn hashing_on_a_blocking_thread() {
    are_told_apart(Kind::Interference, blocking);
}

/// Faulty: the line names what was charged last.
fn logged(faulty: bool) -> Check<Arc<Mutex<String>>> {
    isolation(async || Arc::<Mutex<String>>::default())
        .users(2, async move |user: &User, last: &Arc<Mutex<String>>| {
            let card = user.secret("card");
            card.clone_into(&mut last.lock().unwrap());
            let (charge, last) = (card.clone(), Arc::clone(last));
            let (tell, told) = oneshot::channel();
            let work = async move {
                sleep(Duration::from_millis(1)).await;
                let charged = if faulty {
                    last.lock().unwrap().clone()
                } else {
                    charge
                };
                info!(charged, "done");
                // Whoever asked may be gone.
                tell.send(()).unwrap_or(());
            };
            drop(tokio::spawn(
                work.instrument(info_span!("charge", user = %user.id())),
            ));
            told.await?;
            user.saw(Surface::Reply, &card);
            Ok(())
        })
        .logs()
}

#[test]
fn log_lines_of_an_instrumented_task() {
    are_told_apart(Kind::ContextLeak, logged);
}
