//! What is done once for several: initialisation, requests in flight, leadership.

use std::collections::HashMap;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex};
use std::time::Duration;

use ssot_harness::prelude::*;
use tokio::sync::{Notify, OnceCell};
use tokio::task::yield_now;
use tokio::time::sleep;

use crate::sound::told_apart::are_told_apart;

async fn connect(token: &str) -> String {
    sleep(Duration::from_millis(10)).await;
    format!("connection as {token}")
}

/// Faulty: the connection of all is made with the token of whoever comes first.
fn lazily(faulty: bool) -> Check<OnceCell<String>> {
    isolation(async || OnceCell::new()).users(3, async move |user: &User, cell: &OnceCell<String>| {
        let own = user.secret("token");
        let token = if faulty { &own } else { "the service" };
        let connection = cell.get_or_init(|| connect(token)).await;
        user.saw(Surface::Http, &format!("{connection}, for {own}"));
        Ok(())
    })
}

#[test]
fn a_cell_that_is_initialised_once() {
    are_told_apart(Kind::ContextLeak, lazily);
}

#[derive(Default)]
struct Flights {
    by_key: Mutex<HashMap<String, Arc<OnceCell<String>>>>,
}

impl Flights {
    /// Joins the request in flight for the same key.
    async fn get(&self, key: &str, owner: &str) -> String {
        let flight = Arc::clone(self.by_key.lock().unwrap().entry(key.to_owned()).or_default());
        let answer = flight.get_or_init(async || {
            sleep(Duration::from_millis(4)).await;
            format!("inbox of {owner}")
        });
        let answer = answer.await.clone();
        let mut by_key = self.by_key.lock().unwrap();
        if by_key
            .get(key)
            .is_some_and(|current| Arc::ptr_eq(current, &flight))
        {
            by_key.remove(key);
        }
        answer
    }
}

/// Faulty: requests are the same where their paths are.
fn coalesced(faulty: bool) -> Check<Flights> {
    isolation(async || Flights::default()).users(3, async move |user: &User, flights: &Flights| {
        let (name, owner) = (user.id().as_str(), user.secret("inbox"));
        let key = if faulty { "/inbox" } else { name };
        let (one, other) = tokio::join!(flights.get(key, &owner), flights.get(key, &owner));
        user.saw(Surface::Reply, &one);
        user.saw(Surface::Reply, &other);
        user.saw(Surface::Event, &owner);
        Ok(())
    })
}

#[test]
fn requests_that_are_coalesced_by_user() {
    are_told_apart(Kind::ContextLeak, coalesced);
}

#[derive(Default)]
struct Election {
    is_led: AtomicBool,
    free: Notify,
}

struct Lease<'a> {
    election: &'a Election,
    returns: bool,
}

impl Election {
    fn resign(&self) {
        self.is_led.store(false, Ordering::Release);
        self.free.notify_one();
    }

    async fn lead(&self, returns: bool) -> Lease<'_> {
        while self.is_led.swap(true, Ordering::AcqRel) {
            self.free.notified().await;
        }
        Lease {
            election: self,
            returns,
        }
    }
}

impl Drop for Lease<'_> {
    fn drop(&mut self) {
        if self.returns {
            self.election.resign();
        }
    }
}

/// Faulty: a leader that goes away resigns only where it comes to an end.
fn leaders(faulty: bool) -> Check<Election> {
    isolation(async || Election::default()).users(3, async move |user: &User, election: &Election| {
        let lease = election.lead(!faulty).await;
        user.saw(Surface::Event, "leads");
        sleep(Duration::from_millis(3)).await;
        user.saw(Surface::Reply, &user.secret("decision"));
        if faulty {
            election.resign();
        }
        drop(lease);
        Ok(())
    })
}

#[test]
fn a_leader_whose_lease_ends_with_it() {
    are_told_apart(Kind::Hang, leaders);
}

#[derive(Default)]
struct Document {
    version: u64,
    lines: Vec<String>,
}

/// Faulty: whoever writes does not look whether the version is still the one that was read.
fn optimistic(faulty: bool) -> Check<Mutex<Document>> {
    isolation(async || Mutex::new(Document::default())).users(
        3,
        async move |user: &User, document: &Mutex<Document>| {
            let line = user.secret("line");
            user.saw(Surface::Reply, &line);
            loop {
                let (version, mut lines) = {
                    let document = document.lock().unwrap();
                    (document.version, document.lines.clone())
                };
                sleep(Duration::from_millis(1)).await;
                lines.push(line.clone());
                let mut document = document.lock().unwrap();
                if faulty || document.version == version {
                    document.version = version + 1;
                    document.lines = lines;
                    break;
                }
            }
            yield_now().await;
            user.saw(Surface::Row, &document.lock().unwrap().lines.contains(&line));
            Ok(())
        },
    )
}

#[test]
fn optimistic_writes_that_are_tried_again() {
    are_told_apart(Kind::Interference, optimistic);
}
