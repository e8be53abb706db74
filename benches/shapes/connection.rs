//! One connection for all, a call at a time: a call that is dropped between writing and reading leaves its answer to the
//! next.

use std::collections::VecDeque;
use std::sync::Arc;

use super::rt;
use super::shape::{Guest, Script, Shape, System};

pub(super) const SHAPE: Shape = Shape::new("dropped call", 2, || Arc::<Connection>::default()).drops(1);

#[derive(Default)]
struct Connection(rt::Mutex<VecDeque<String>>);

impl System for Connection {
    fn user(self: Arc<Self>, guest: Guest) -> Script {
        Box::pin(async move {
            let mut answers = self.0.lock().await;
            answers.push_back(guest.token.clone());
            rt::yield_now().await;
            guest.saw(&answers.pop_front().unwrap_or_default());
        })
    }
}
