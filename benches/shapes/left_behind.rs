//! A page that nobody clears: whoever comes next is greeted with it.

use std::sync::{Arc, Mutex};

use super::rt;
use super::shape::{Guest, Script, Shape, System};

pub(super) const SHAPE: Shape = Shape::new("left behind", 2, || Arc::<Page>::default());

#[derive(Default)]
struct Page(Mutex<String>);

impl System for Page {
    fn user(self: Arc<Self>, guest: Guest) -> Script {
        Box::pin(async move {
            guest.saw(&self.0.lock().expect("nobody panics with it"));
            rt::yield_now().await;
            guest
                .token
                .clone_into(&mut self.0.lock().expect("nobody panics with it"));
            guest.saw(&guest.token);
        })
    }
}
