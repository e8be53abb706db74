//! Who it belongs to is set and read with no await between: only threads can come between.

use std::sync::atomic::Ordering;
use std::sync::{Arc, Mutex};

use super::rt;
use super::shape::{Guest, Script, Shape, System};

pub(super) const SHAPE: Shape = Shape::new("two atomics", 2, || Arc::new(Owner::new(2))).threads();

struct Owner {
    current: rt::AtomicUsize,
    tokens: Mutex<Vec<String>>,
}

impl Owner {
    fn new(users: usize) -> Self {
        Self {
            current: rt::AtomicUsize::new(0),
            tokens: Mutex::new(vec![String::new(); users]),
        }
    }

    fn token(&self, owner: usize) -> String {
        self.tokens.lock().expect("nobody panics with it")[owner].clone()
    }
}

impl System for Owner {
    fn user(self: Arc<Self>, guest: Guest) -> Script {
        Box::pin(async move {
            self.tokens.lock().expect("nobody panics with it")[guest.index].clone_from(&guest.token);
            for _ in 0..4 {
                rt::yield_now().await;
                self.current.store(guest.index, Ordering::SeqCst);
                let greeting = format!("Dear customer number {}, ", guest.index);
                let owner = self.current.load(Ordering::SeqCst);
                guest.saw(&(greeting + &self.token(owner)));
            }
        })
    }
}
