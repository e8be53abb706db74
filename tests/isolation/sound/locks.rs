//! Mutexes, `RwLock`, a lock for each key, a barrier.

use std::collections::HashMap;
use std::sync::{Arc, Mutex};
use std::time::Duration;

use ssot_harness::prelude::*;
use tokio::sync::{self, Barrier, RwLock};
use tokio::task::yield_now;
use tokio::time::{sleep, timeout};

use crate::sound::told_apart::are_told_apart;

type Baskets = Mutex<HashMap<String, Vec<String>>>;

/// Faulty: the baskets of all are read, changed and written back, with an await between.
fn baskets(faulty: bool) -> Check<Baskets> {
    isolation(async || Baskets::default()).users(3, async move |user: &User, baskets: &Baskets| {
        for article in ["book", "lamp"] {
            let article = user.secret(article);
            if faulty {
                let mut all = baskets.lock().unwrap().clone();
                yield_now().await;
                all.entry(user.id().to_string()).or_default().push(article);
                *baskets.lock().unwrap() = all;
            } else {
                yield_now().await;
                let mut all = baskets.lock().unwrap();
                all.entry(user.id().to_string()).or_default().push(article);
            }
        }
        yield_now().await;
        let mine = baskets.lock().unwrap().get(user.id().as_str()).cloned();
        user.saw(Surface::Reply, &mine);
        Ok(())
    })
}

#[test]
fn baskets_behind_a_std_mutex() {
    are_told_apart(Kind::Interference, baskets);
}

/// Faulty: the lock is given up while the page is printed.
fn printer(faulty: bool) -> Check<sync::Mutex<String>> {
    isolation(async || sync::Mutex::new(String::new())).users(
        3,
        async move |user: &User, tray: &sync::Mutex<String>| {
            let page = user.secret("page");
            let mut paper = tray.lock().await;
            page.clone_into(&mut paper);
            if faulty {
                drop(paper);
                sleep(Duration::from_millis(3)).await;
                paper = tray.lock().await;
            } else {
                sleep(Duration::from_millis(3)).await;
            }
            user.saw(Surface::Reply, &*paper);
            Ok(())
        },
    )
}

#[test]
fn a_printer_behind_a_tokio_mutex() {
    are_told_apart(Kind::ContextLeak, printer);
}

/// Faulty: the place of the row is found under the read lock and used under the write lock.
fn table(faulty: bool) -> Check<RwLock<Vec<String>>> {
    isolation(async || RwLock::new(Vec::new())).users(
        2,
        async move |user: &User, table: &RwLock<Vec<String>>| {
            let note = user.secret("note");
            let place = if faulty {
                let place = table.read().await.len();
                let mut rows = table.write().await;
                rows.resize(place + 1, String::new());
                rows[place] = note;
                place
            } else {
                let mut rows = table.write().await;
                rows.push(note);
                rows.len() - 1
            };
            yield_now().await;
            let rows = table.read().await;
            yield_now().await;
            user.saw(Surface::Row, &rows[place]);
            Ok(())
        },
    )
}

#[test]
fn a_table_behind_a_read_write_lock() {
    are_told_apart(Kind::ContextLeak, table);
}

#[derive(Default)]
struct Drafts {
    by_key: Mutex<HashMap<String, Arc<sync::Mutex<Vec<String>>>>>,
}

impl Drafts {
    fn of(&self, key: &str) -> Arc<sync::Mutex<Vec<String>>> {
        Arc::clone(self.by_key.lock().unwrap().entry(key.to_owned()).or_default())
    }

    async fn append(&self, key: &str, line: String) -> Vec<String> {
        let draft = self.of(key);
        let mut lines = draft.lock().await;
        sleep(Duration::from_millis(1)).await;
        lines.push(line);
        lines.clone()
    }
}

/// Faulty: the key is the thread, which is another user's, too.
fn drafts(faulty: bool) -> Check<Drafts> {
    isolation(async || Drafts::default()).users(3, async move |user: &User, drafts: &Drafts| {
        let key = if faulty {
            user.context().thread.to_string()
        } else {
            format!("{}/{}", user.id(), user.context().thread)
        };
        for line in ["first", "second"] {
            user.saw(Surface::Reply, &drafts.append(&key, user.secret(line)).await);
        }
        Ok(())
    })
}

#[test]
fn a_mutex_for_each_key() {
    are_told_apart(Kind::ContextLeak, drafts);
}

type Accounts = [sync::Mutex<i64>; 2];

/// Each pays the other. Faulty: whoever pays locks the own account first.
fn transfers(faulty: bool) -> Check<Accounts> {
    isolation(async || [100, 100].map(sync::Mutex::new)).users(
        2,
        async move |user: &User, accounts: &Accounts| {
            let (mine, other) = (user.index(), 1 - user.index());
            let (first, second) = if faulty { (mine, other) } else { (0, 1) };
            let mut first = accounts[first].lock().await;
            yield_now().await;
            let mut second = accounts[second].lock().await;
            let (from, to) = if faulty || mine == 0 {
                (&mut first, &mut second)
            } else {
                (&mut second, &mut first)
            };
            **from -= 10;
            **to += 10;
            user.saw(Surface::Reply, &(user.secret("receipt"), 10));
            Ok(())
        },
    )
}

#[test]
fn transfers_that_lock_in_one_order() {
    are_told_apart(Kind::Hang, transfers);
}

struct Auction {
    all_have_bid: Barrier,
    bids: Mutex<HashMap<String, String>>,
}

/// Faulty: after the barrier everybody is told all bids.
fn auction(faulty: bool) -> Check<Auction> {
    isolation(async || Auction {
        all_have_bid: Barrier::new(3),
        bids: Mutex::default(),
    })
    .users(3, async move |user: &User, auction: &Auction| {
        let name = user.id().to_string();
        auction
            .bids
            .lock()
            .unwrap()
            .insert(name.clone(), user.secret("bid"));
        // Somebody may have left.
        let complete = timeout(Duration::from_secs(5), auction.all_have_bid.wait())
            .await
            .is_ok();
        let mut told = auction.bids.lock().unwrap().clone();
        if !(faulty && complete) {
            told.retain(|bidder, _| *bidder == name);
        }
        user.saw(Surface::Reply, &told);
        Ok(())
    })
    .together()
}

#[test]
fn an_auction_that_waits_at_a_barrier() {
    are_told_apart(Kind::ContextLeak, auction);
}
