//! A mailbox for one answer, and a bell: whoever is called takes what is in it, which is the answer to whoever asked
//! last.

use std::sync::{Arc, Mutex};

use super::rt;
use super::shape::{Guest, Script, Shape, System};

pub(super) const SHAPE: Shape = Shape::new("mailbox for one", 2, || Arc::new(Desk::new())).spawns();

struct Desk {
    requests: rt::mpsc::Sender<String>,
    mailbox: Arc<Mailbox>,
}

#[derive(Default)]
struct Mailbox {
    answer: Mutex<String>,
    bell: rt::Notify,
}

impl Desk {
    fn new() -> Self {
        let (requests, mut requested) = rt::mpsc::channel::<String>(8);
        let mailbox = Arc::<Mailbox>::default();
        let filled = Arc::clone(&mailbox);
        // It ends with the desk, whose sender is the only one.
        drop(rt::spawn(async move {
            while let Some(request) = requested.recv().await {
                *filled.answer.lock().expect("nobody panics with it") = request;
                filled.bell.notify_one();
                rt::yield_now().await;
            }
        }));
        Self { requests, mailbox }
    }
}

impl System for Desk {
    fn user(self: Arc<Self>, guest: Guest) -> Script {
        Box::pin(async move {
            self.requests
                .send(guest.token.clone())
                .await
                .expect("the desk's task listens until the desk is gone");
            self.mailbox.bell.notified().await;
            guest.saw(&self.mailbox.answer.lock().expect("nobody panics with it"));
        })
    }
}
