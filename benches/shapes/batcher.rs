//! Requests that come within five milliseconds are answered together, by position. Who is dropped is taken from those
//! who wait, but not from the batch: everybody behind it moves up by one.

use std::sync::Arc;
use std::time::Duration;

use super::rt;
use super::shape::{Guest, Script, Shape, System};

pub(super) const SHAPE: Shape = Shape::new("dropped call in a batch", 2, || Arc::<Batcher>::default())
    .drops(1)
    .timers()
    .spawns();

#[derive(Default)]
struct Batcher(rt::BlockingMutex<Batch>);

#[derive(Default)]
struct Batch {
    requests: Vec<String>,
    waiters: Vec<(usize, rt::oneshot::Sender<String>)>,
}

impl System for Batcher {
    fn user(self: Arc<Self>, guest: Guest) -> Script {
        Box::pin(async move {
            let (waiter, answer) = rt::oneshot::channel();
            let is_first = self.join(&guest, waiter);
            let _waiting = Waiting {
                batcher: &self,
                user: guest.index,
            };
            if is_first {
                let batcher = Arc::clone(&self);
                // It ends with its batch.
                drop(rt::spawn(async move {
                    rt::sleep(Duration::from_millis(5)).await;
                    batcher.answer();
                }));
            }
            guest.saw(&answer.await.unwrap_or_default());
        })
    }
}

impl Batcher {
    /// Joins the batch at hand; true where it is a new one.
    fn join(&self, guest: &Guest, waiter: rt::oneshot::Sender<String>) -> bool {
        let mut batch = self.0.lock().expect("nobody panics with it");
        batch.requests.push(guest.token.clone());
        batch.waiters.push((guest.index, waiter));
        batch.requests.len() == 1
    }

    fn answer(&self) {
        let batch = std::mem::take(&mut *self.0.lock().expect("nobody panics with it"));
        for (request, (_, waiter)) in batch.requests.into_iter().zip(batch.waiters) {
            // Whoever waited may be gone by now.
            drop(waiter.send(request));
        }
    }
}

/// Takes a user out of those who wait when its call ends, however that is.
struct Waiting<'w> {
    batcher: &'w Batcher,
    user: usize,
}

impl Drop for Waiting<'_> {
    fn drop(&mut self) {
        let mut batch = self.batcher.0.lock().expect("nobody panics with it");
        batch.waiters.retain(|&(user, _)| user != self.user);
    }
}
