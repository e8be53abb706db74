//! The first user writes what it masks a step later, the second copies it to a replica, the third reads that: nobody of
//! two would ever see anything.

use std::sync::{Arc, Mutex};

use super::rt;
use super::shape::{Guest, Script, Shape, System};

pub(super) const SHAPE: Shape = Shape::new("by way of a third", 3, || Arc::<Store>::default()).preemptions(1);

#[derive(Default)]
struct Store {
    primary: Mutex<String>,
    replica: Mutex<String>,
}

impl System for Store {
    fn user(self: Arc<Self>, guest: Guest) -> Script {
        Box::pin(async move {
            guest.saw(&guest.token);
            rt::yield_now().await;
            match guest.index {
                0 => {
                    self.write(&guest.token);
                    rt::yield_now().await;
                    self.write("masked");
                }
                1 => self.replicate(),
                _ => guest.saw(&self.replica.lock().expect("nobody panics with it")),
            }
        })
    }
}

impl Store {
    fn write(&self, text: &str) {
        text.clone_into(&mut self.primary.lock().expect("nobody panics with it"));
    }

    fn replicate(&self) {
        let primary = self.primary.lock().expect("nobody panics with it").clone();
        *self.replica.lock().expect("nobody panics with it") = primary;
    }
}
