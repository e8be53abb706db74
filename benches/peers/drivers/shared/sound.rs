//! Shapes without a fault: who finds a leak in one of them is wrong.

use std::sync::{Arc, Mutex};

use crate::rt;
use crate::shapes::{Depth, Guest, Needs, Script, Shape, System};

/// Every sound shape.
pub(crate) fn sound() -> [Shape; 3] {
    let echo = Shape {
        name: "sound: a worker that answers who asked",
        users: 3,
        depth: Depth::default(),
        needs: Needs {
            spawns: true,
            ..Needs::default()
        },
        build: || Arc::new(Echo::new()),
    };
    [
        Shape {
            name: "sound: nothing but awaits",
            needs: Needs::default(),
            build: || Arc::new(Idle),
            ..echo
        },
        echo,
        Shape {
            name: "sound: the same, with calls cut off",
            depth: Depth {
                drops: 1,
                ..Depth::default()
            },
            ..echo
        },
    ]
}

/// Three users with four awaits each, and no system to speak of: what an execution costs by itself.
struct Idle;

impl System for Idle {
    fn user(self: Arc<Self>, guest: Guest) -> Script {
        Box::pin(async move {
            for _ in 0..4 {
                rt::yield_now().await;
            }
            guest.saw(&guest.token);
        })
    }
}

/// One worker for all, which answers each request to whoever made it; and a page for all, whose writer holds it.
struct Echo {
    requests: rt::mpsc::UnboundedSender<(String, rt::oneshot::Sender<String>)>,
    page: rt::Mutex<String>,
    answered: Arc<Mutex<usize>>,
}

impl Echo {
    fn new() -> Self {
        let (requests, mut requested) =
            rt::mpsc::unbounded_channel::<(String, rt::oneshot::Sender<String>)>();
        let answered = Arc::<Mutex<usize>>::default();
        let counted = Arc::clone(&answered);
        // It ends with the system, whose sender is the only one.
        drop(rt::spawn(async move {
            while let Some((request, asked)) = requested.recv().await {
                rt::yield_now().await;
                *counted.lock().expect("nobody panics with it") += 1;
                // Whoever asked may be gone by now.
                drop(asked.send(request));
            }
        }));
        Self {
            requests,
            page: rt::Mutex::default(),
            answered,
        }
    }
}

impl System for Echo {
    fn user(self: Arc<Self>, guest: Guest) -> Script {
        Box::pin(async move {
            let (asked, answer) = rt::oneshot::channel();
            self.requests
                .send((guest.token.clone(), asked))
                .expect("the worker listens until the system is gone");
            rt::yield_now().await;
            {
                let mut page = self.page.lock().await;
                guest.token.clone_into(&mut page);
                rt::yield_now().await;
                guest.saw(&page);
            }
            guest.saw(&answer.await.unwrap_or_default());
            let answered = *self.answered.lock().expect("nobody panics with it");
            guest.saw(&answered.to_string());
        })
    }
}
