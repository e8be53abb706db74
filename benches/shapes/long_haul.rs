//! Two hundred steps of a stream, and a race of one step at its end.

use std::sync::{Arc, Mutex};

use super::rt;
use super::shape::{Guest, Script, Shape, System};

pub(super) const SHAPE: Shape = Shape::new("behind 200 steps", 2, || Arc::<Stream>::default()).preemptions(1);

#[derive(Default)]
struct Stream(Mutex<String>);

impl System for Stream {
    fn user(self: Arc<Self>, guest: Guest) -> Script {
        Box::pin(async move {
            for _ in 0..200 {
                rt::yield_now().await;
            }
            guest
                .token
                .clone_into(&mut self.0.lock().expect("nobody panics with it"));
            rt::yield_now().await;
            guest.saw(&self.0.lock().expect("nobody panics with it"));
        })
    }
}
