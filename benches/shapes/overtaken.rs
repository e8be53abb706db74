//! A user's context is set by a task and cleared by a task that is spawned a step later. Where the second overtakes the
//! first, the context stays, for whoever comes when nobody is there.

use std::sync::{Arc, Mutex};

use super::rt;
use super::shape::{Guest, Script, Shape, System};

pub(super) const SHAPE: Shape =
    Shape::new("overtaken by its own", 2, || Arc::<Context>::default()).inversions(1);

#[derive(Default)]
struct Context(Mutex<Current>);

#[derive(Default)]
struct Current {
    users: usize,
    token: Option<String>,
}

impl System for Context {
    fn user(self: Arc<Self>, guest: Guest) -> Script {
        Box::pin(async move {
            guest.saw(&self.enter().unwrap_or_default());
            let (context, token) = (Arc::clone(&self), guest.token.clone());
            let sets = rt::spawn(async move { context.set(token) });
            rt::yield_now().await;
            let (context, token) = (Arc::clone(&self), guest.token.clone());
            let clears = rt::spawn(async move { context.clear(&token) });
            sets.await.expect("the task comes to its end");
            clears.await.expect("the task comes to its end");
            guest.saw(&guest.token);
            self.leave();
        })
    }
}

impl Context {
    /// What was left, where nobody is there.
    fn enter(&self) -> Option<String> {
        let mut current = self.0.lock().expect("nobody panics with it");
        current.users += 1;
        current.token.clone().filter(|_| current.users == 1)
    }

    fn leave(&self) {
        self.0.lock().expect("nobody panics with it").users -= 1;
    }

    fn set(&self, token: String) {
        self.0.lock().expect("nobody panics with it").token = Some(token);
    }

    fn clear(&self, token: &str) {
        let mut current = self.0.lock().expect("nobody panics with it");
        current.token.take_if(|current| current == token);
    }
}
