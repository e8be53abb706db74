//! A list of free places whose head is taken if it is still the one that was seen: it is, but what comes after it was
//! taken in the meantime, and now belongs to two.

use std::sync::{Arc, Mutex};

use super::rt;
use super::shape::{Guest, Script, Shape, System};

pub(super) const SHAPE: Shape =
    Shape::new("head seen twice (ABA)", 2, || Arc::<FreeList>::default()).preemptions(2);

#[derive(Default)]
struct FreeList(Mutex<Places>);

struct Places {
    head: usize,
    /// What comes after each place; the last has one after it that is not there.
    after: Vec<usize>,
    texts: Vec<String>,
}

impl Default for Places {
    fn default() -> Self {
        Self {
            head: 0,
            after: (1..=8).collect(),
            texts: vec![String::new(); 8],
        }
    }
}

impl System for FreeList {
    fn user(self: Arc<Self>, guest: Guest) -> Script {
        Box::pin(async move {
            let first = self.take().await;
            let second = self.take().await;
            self.give_back(first);
            self.write(second, &guest.token);
            rt::yield_now().await;
            guest.saw(&self.read(second));
            self.give_back(second);
        })
    }
}

impl FreeList {
    async fn take(&self) -> usize {
        loop {
            let (head, after) = self.head();
            rt::yield_now().await;
            if self.replace_head(head, after) {
                return head;
            }
        }
    }

    fn head(&self) -> (usize, usize) {
        let places = self.0.lock().expect("nobody panics with it");
        (places.head, places.after[places.head])
    }

    /// Takes the head where it still is `head`.
    fn replace_head(&self, head: usize, after: usize) -> bool {
        let mut places = self.0.lock().expect("nobody panics with it");
        let is_still = places.head == head;
        if is_still {
            places.head = after;
        }
        is_still
    }

    fn give_back(&self, place: usize) {
        let mut places = self.0.lock().expect("nobody panics with it");
        places.after[place] = places.head;
        places.head = place;
    }

    fn write(&self, place: usize, text: &str) {
        text.clone_into(&mut self.0.lock().expect("nobody panics with it").texts[place]);
    }

    fn read(&self, place: usize) -> String {
        self.0.lock().expect("nobody panics with it").texts[place].clone()
    }
}
