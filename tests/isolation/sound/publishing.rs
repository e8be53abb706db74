//! Broadcast, watch, rooms, wake-ups, an outbox.

use std::collections::{BTreeMap, HashMap};
use std::sync::{Arc, Mutex};
use std::time::Duration;

use ssot_harness::prelude::*;
use tokio::sync::{Notify, broadcast, mpsc, watch};
use tokio::task::yield_now;
use tokio::time::{sleep, timeout};

use crate::sound::told_apart::are_told_apart;

type Events = broadcast::Sender<(String, String)>;

/// Faulty: what is sent to `user-10` is for `user-1`, too.
fn filtered(faulty: bool) -> Check<Events> {
    isolation(async || broadcast::channel(32).0).users(3, async move |user: &User, events: &Events| {
        let name = user.id().as_str();
        let mut inbox = events.subscribe();
        for text in ["first", "second"] {
            events.send((name.to_owned(), user.secret(text)))?;
            yield_now().await;
        }
        let mut seen = 0;
        while seen < 2 {
            let (to, text) = inbox.recv().await?;
            seen += u32::from(to == name);
            if to == name || faulty && to.starts_with(name) {
                user.saw(Surface::Event, &text);
            }
        }
        Ok(())
    })
}

#[test]
fn a_broadcast_filtered_by_user() {
    are_told_apart(Kind::ContextLeak, filtered);
}

type Settings = watch::Sender<HashMap<String, String>>;

/// Faulty: the settings of all are copied, changed and replaced, with an await between.
fn settings(faulty: bool) -> Check<Settings> {
    isolation(async || watch::channel(HashMap::new()).0).users(
        2,
        async move |user: &User, settings: &Settings| {
            let name = user.id().to_string();
            let mut changes = settings.subscribe();
            let signature = user.secret("signature");
            user.saw(Surface::Reply, &signature);
            if faulty {
                let mut all = settings.borrow().clone();
                sleep(Duration::from_millis(1)).await;
                all.insert(name.clone(), signature);
                settings.send_replace(all);
            } else {
                sleep(Duration::from_millis(1)).await;
                settings.send_modify(|all| {
                    all.insert(name.clone(), signature);
                });
            }
            changes.wait_for(|all| all.contains_key(&name)).await?;
            sleep(Duration::from_millis(10)).await;
            user.saw(Surface::Row, &changes.borrow().get(&name));
            Ok(())
        },
    )
}

#[test]
fn settings_that_are_watched() {
    are_told_apart(Kind::Interference, settings);
}

type Rooms = Mutex<BTreeMap<usize, broadcast::Sender<String>>>;

/// Two and two talk to each other. Faulty: rooms are told apart by the first letter of their names, which is the same.
fn rooms(faulty: bool) -> Check<Rooms> {
    isolation(async || Rooms::default())
        .users(4, async move |user: &User, rooms: &Rooms| {
            let peer = user.index() ^ 1;
            let room = if faulty { 0 } else { user.index() / 2 };
            let sender = rooms
                .lock()
                .unwrap()
                .entry(room)
                .or_insert_with(|| broadcast::channel(16).0)
                .clone();
            let mut talk = sender.subscribe();
            let greeting = user.secret_shared_with("greeting", [peer]);
            user.saw(Surface::Reply, &user.secret("own"));
            sleep(Duration::from_millis(30)).await;
            sender.send(format!("{} says {greeting}", user.index()))?;
            // The other may be gone.
            while let Ok(Ok(text)) = timeout(Duration::from_millis(100), talk.recv()).await {
                user.saw(Surface::Event, &text);
            }
            Ok(())
        })
        .together()
}

#[test]
fn rooms_of_two() {
    are_told_apart(Kind::ContextLeak, rooms);
}

#[derive(Default)]
struct Mailbox {
    letters: Mutex<HashMap<String, String>>,
    for_one: Mutex<HashMap<String, Arc<Notify>>>,
    for_all: Arc<Notify>,
}

impl Mailbox {
    async fn take(&self, name: &str, bell: &Notify) -> String {
        loop {
            if let Some(letter) = self.letters.lock().unwrap().remove(name) {
                return letter;
            }
            bell.notified().await;
        }
    }
}

/// Faulty: one bell wakes one of those who wait, who need not be the one with a letter.
fn mailbox(faulty: bool) -> Check<Arc<Mailbox>> {
    isolation(async || Arc::new(Mailbox::default())).users(
        2,
        async move |user: &User, mailbox: &Arc<Mailbox>| {
            let name = user.id().to_string();
            let bell = if faulty {
                Arc::clone(&mailbox.for_all)
            } else {
                Arc::clone(mailbox.for_one.lock().unwrap().entry(name.clone()).or_default())
            };
            let (to, letter, at) = (Arc::clone(mailbox), user.secret("letter"), 5 + 40 * user.index());
            let (ring, addressee) = (Arc::clone(&bell), name.clone());
            drop(tokio::spawn(async move {
                sleep(Duration::from_millis(at as u64)).await;
                to.letters.lock().unwrap().insert(addressee, letter);
                ring.notify_one();
            }));
            user.saw(Surface::Reply, &mailbox.take(&name, &bell).await);
            Ok(())
        },
    )
}

#[test]
fn a_wake_up_for_whom_it_concerns() {
    are_told_apart(Kind::Hang, mailbox);
}

type Row = (String, String);

/// Rows get their numbers first and are written later.
#[derive(Default)]
struct Outbox {
    next: Mutex<u64>,
    rows: Mutex<BTreeMap<u64, Row>>,
    readers: Mutex<HashMap<String, mpsc::UnboundedSender<String>>>,
    written: Notify,
}

impl Outbox {
    async fn post(&self, row: Row) {
        let number = {
            let mut next = self.next.lock().unwrap();
            *next += 1;
            *next
        };
        sleep(Duration::from_millis(2)).await;
        self.rows.lock().unwrap().insert(number, row);
        self.written.notify_one();
    }

    async fn deliver(&self, keeps_cursor: bool) {
        let mut cursor = 0;
        loop {
            self.written.notified().await;
            let rows = std::mem::take(&mut *self.rows.lock().unwrap());
            for (number, (to, text)) in rows {
                if keeps_cursor && number <= cursor {
                    continue;
                }
                cursor = number;
                if let Some(reader) = self.readers.lock().unwrap().get(&to) {
                    // The reader may be gone.
                    drop(reader.send(text));
                }
            }
        }
    }
}

/// Faulty: a row that is written after one with a greater number is taken for delivered.
fn outbox(faulty: bool) -> Check<Arc<Outbox>> {
    isolation(async move || {
        let outbox = Arc::new(Outbox::default());
        let delivering = Arc::clone(&outbox);
        tokio::spawn(async move { delivering.deliver(faulty).await });
        outbox
    })
    .users(2, async |user: &User, outbox: &Arc<Outbox>| {
        let name = user.id().to_string();
        let (reader, mut inbox) = mpsc::unbounded_channel();
        outbox.readers.lock().unwrap().insert(name.clone(), reader);
        for text in ["first", "second", "third"] {
            user.saw(Surface::Reply, &user.secret(text));
            outbox.post((name.clone(), user.secret(text))).await;
        }
        for _ in 0..3 {
            match timeout(Duration::from_secs(5), inbox.recv()).await {
                Ok(text) => user.saw(Surface::Event, &text),
                Err(_) => user.saw(Surface::Error, "nothing came"),
            }
        }
        Ok(())
    })
}

#[test]
fn an_outbox_that_delivers_in_order() {
    are_told_apart(Kind::Interference, outbox);
}
