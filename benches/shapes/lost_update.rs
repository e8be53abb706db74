//! Two users append to one book at the place that was free when each looked: the later entry takes the place of the
//! other, and who looks its entry up finds the other's.

use std::sync::{Arc, Mutex};

use super::rt;
use super::shape::{Guest, Script, Shape, System};

pub(super) const SHAPE: Shape = Shape::new("lost update", 2, || Arc::<Book>::default()).preemptions(2);

#[derive(Default)]
struct Book(Mutex<Vec<String>>);

impl System for Book {
    fn user(self: Arc<Self>, guest: Guest) -> Script {
        Box::pin(async move {
            let place = self.free_place();
            rt::yield_now().await;
            self.write(place, guest.token.clone());
            rt::yield_now().await;
            guest.saw(&self.entry(place));
        })
    }
}

impl Book {
    fn free_place(&self) -> usize {
        self.0.lock().expect("nobody panics with it").len()
    }

    fn write(&self, place: usize, entry: String) {
        let mut entries = self.0.lock().expect("nobody panics with it");
        let length = entries.len().max(place + 1);
        entries.resize(length, String::new());
        entries[place] = entry;
    }

    fn entry(&self, place: usize) -> String {
        self.0.lock().expect("nobody panics with it")[place].clone()
    }
}
