//! A queue of tickets that tasks take from the front, each believing that it is its own: tasks run in the order in
//! which they are spawned, until they do not.

use std::collections::VecDeque;
use std::sync::{Arc, Mutex};

use super::rt;
use super::shape::{Guest, Script, Shape, System};

/// The user draws the ticket, its task takes it.
pub(super) const SPAWNED: Shape =
    Shape::new("spawned tasks, inverted", 2, || Arc::<Tickets>::default()).inversions(1);

/// A task that was spawned within the user's task draws the ticket, and takes it one await later. On one runtime, all
/// of them take turns.
pub(super) const NESTED: Shape = Shape::new("task within a task", 2, || Arc::new(Nested(Arc::default())))
    .preemptions(1)
    .inversions(1);

#[derive(Default)]
struct Tickets(Mutex<VecDeque<String>>);

impl Tickets {
    fn draw(&self, token: String) {
        self.0.lock().expect("nobody panics with it").push_back(token);
    }

    fn take(&self) -> Option<String> {
        self.0.lock().expect("nobody panics with it").pop_front()
    }
}

impl System for Tickets {
    fn user(self: Arc<Self>, guest: Guest) -> Script {
        Box::pin(async move {
            self.draw(guest.token.clone());
            let task = rt::spawn(async move { self.take() });
            let answer = task.await.expect("the task comes to its end");
            guest.saw(&answer.unwrap_or_default());
        })
    }
}

struct Nested(Arc<Tickets>);

impl System for Nested {
    fn user(self: Arc<Self>, guest: Guest) -> Script {
        Box::pin(async move {
            let (tickets, token) = (Arc::clone(&self.0), guest.token.clone());
            let outer = rt::spawn(async move {
                let inner = rt::spawn(async move {
                    tickets.draw(token);
                    rt::yield_now().await;
                    tickets.take()
                });
                inner.await.expect("the inner task comes to its end")
            });
            let answer = outer.await.expect("the outer task comes to its end");
            guest.saw(&answer.unwrap_or_default());
        })
    }
}
