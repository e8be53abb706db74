//! A pipeline: several requests are on their way at once, and answers go to those who wait in the order in which they
//! came. Who is dropped no longer waits, but its request is on its way.

use std::collections::VecDeque;
use std::sync::Arc;

use super::rt;
use super::shape::{Guest, Script, Shape, System};

pub(super) const SHAPE: Shape = Shape::new("dropped call in a pipeline", 2, || Arc::new(Pipeline::new()))
    .drops(1)
    .spawns();

type Waiters = rt::BlockingMutex<VecDeque<(usize, rt::oneshot::Sender<String>)>>;

struct Pipeline {
    requests: rt::mpsc::UnboundedSender<String>,
    waiters: Arc<Waiters>,
}

impl Pipeline {
    fn new() -> Self {
        let (requests, mut requested) = rt::mpsc::unbounded_channel::<String>();
        let waiters = Arc::new(Waiters::default());
        let waiting = Arc::clone(&waiters);
        // It ends with the pipeline, whose sender is the only one.
        drop(rt::spawn(async move {
            while let Some(request) = requested.recv().await {
                rt::yield_now().await;
                let first = waiting.lock().expect("nobody panics with it").pop_front();
                if let Some((_, waiter)) = first {
                    // Whoever waited may be gone by now.
                    drop(waiter.send(request));
                }
            }
        }));
        Self { requests, waiters }
    }
}

impl System for Pipeline {
    fn user(self: Arc<Self>, guest: Guest) -> Script {
        Box::pin(async move {
            let (waiter, answer) = rt::oneshot::channel();
            self.ask(&guest, waiter);
            let _waiting = Waiting {
                waiters: &self.waiters,
                user: guest.index,
            };
            guest.saw(&answer.await.unwrap_or_default());
        })
    }
}

impl Pipeline {
    fn ask(&self, guest: &Guest, waiter: rt::oneshot::Sender<String>) {
        // Under one lock, so that requests and those who wait are in the same order.
        let mut waiters = self.waiters.lock().expect("nobody panics with it");
        waiters.push_back((guest.index, waiter));
        self.requests
            .send(guest.token.clone())
            .expect("the pipeline's task listens until the pipeline is gone");
    }
}

/// Takes a user out of those who wait when its call ends, however that is.
struct Waiting<'w> {
    waiters: &'w Waiters,
    user: usize,
}

impl Drop for Waiting<'_> {
    fn drop(&mut self) {
        let mut waiters = self.waiters.lock().expect("nobody panics with it");
        waiters.retain(|&(user, _)| user != self.user);
    }
}
