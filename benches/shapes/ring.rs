//! A ring of twenty places, each read after an await: one user must stand still while another goes round once.

use std::sync::{Arc, Mutex};

use super::rt;
use super::shape::{Guest, Script, Shape, System};

pub(super) const SHAPE: Shape =
    Shape::new("standstill of 20 steps", 2, || Arc::<Ring>::default()).preemptions(1);

const PLACES: usize = 20;

#[derive(Default)]
struct Ring(Mutex<Places>);

#[derive(Default)]
struct Places {
    texts: [String; PLACES],
    next: usize,
}

impl System for Ring {
    fn user(self: Arc<Self>, guest: Guest) -> Script {
        Box::pin(async move {
            for _ in 0..PLACES {
                let place = self.put(&guest.token);
                rt::yield_now().await;
                guest.saw(&self.read(place));
            }
        })
    }
}

impl Ring {
    fn put(&self, text: &str) -> usize {
        let mut places = self.0.lock().expect("nobody panics with it");
        let place = places.next % PLACES;
        places.next += 1;
        text.clone_into(&mut places.texts[place]);
        place
    }

    fn read(&self, place: usize) -> String {
        self.0.lock().expect("nobody panics with it").texts[place].clone()
    }
}
