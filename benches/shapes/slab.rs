//! Places that are used again, and handles that are mere numbers: a handle that is read once more after its place was
//! given back shows whose it is now.

use std::sync::{Arc, Mutex};

use super::rt;
use super::shape::{Guest, Script, Shape, System};

pub(super) const SHAPE: Shape =
    Shape::new("slot reused under a handle", 2, || Arc::<Slab>::default()).preemptions(1);

#[derive(Default)]
struct Slab(Mutex<Places>);

#[derive(Default)]
struct Places {
    texts: Vec<String>,
    free: Vec<usize>,
}

impl System for Slab {
    fn user(self: Arc<Self>, guest: Guest) -> Script {
        Box::pin(async move {
            let handle = self.open(&guest.token);
            rt::yield_now().await;
            self.close(handle);
            rt::yield_now().await;
            guest.saw(&self.read(handle));
        })
    }
}

impl Slab {
    fn open(&self, text: &str) -> usize {
        let mut places = self.0.lock().expect("nobody panics with it");
        let handle = places.free.pop().unwrap_or(places.texts.len());
        if handle == places.texts.len() {
            places.texts.push(String::new());
        }
        text.clone_into(&mut places.texts[handle]);
        handle
    }

    fn close(&self, handle: usize) {
        self.0.lock().expect("nobody panics with it").free.push(handle);
    }

    fn read(&self, handle: usize) -> String {
        self.0.lock().expect("nobody panics with it").texts[handle].clone()
    }
}
