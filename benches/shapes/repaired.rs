//! One connection for all, which a dropped call marks as broken, and which is repaired before it is used; but who waits
//! for it has looked before it waited.

use std::collections::VecDeque;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex};

use super::rt;
use super::shape::{Guest, Script, Shape, System};

pub(super) const SHAPE: Shape = Shape::new("a drop and a preemption", 2, || Arc::<Connection>::default())
    .preemptions(1)
    .drops(1);

#[derive(Default)]
struct Connection {
    turn: rt::Mutex<()>,
    is_broken: AtomicBool,
    answers: Mutex<VecDeque<String>>,
}

impl System for Connection {
    fn user(self: Arc<Self>, guest: Guest) -> Script {
        Box::pin(async move {
            self.repair();
            let _turn = self.turn.lock().await;
            let mut call = Call::begin(&self, guest.token.clone());
            rt::yield_now().await;
            guest.saw(&call.answer());
        })
    }
}

impl Connection {
    fn repair(&self) {
        if self.is_broken.swap(false, Ordering::SeqCst) {
            self.answers.lock().expect("nobody panics with it").clear();
        }
    }
}

/// A call in flight, which breaks its connection where it is dropped before it has its answer.
struct Call<'c> {
    connection: &'c Connection,
    is_over: bool,
}

impl<'c> Call<'c> {
    fn begin(connection: &'c Connection, request: String) -> Self {
        let mut answers = connection.answers.lock().expect("nobody panics with it");
        answers.push_back(request);
        Self {
            connection,
            is_over: false,
        }
    }

    fn answer(&mut self) -> String {
        self.is_over = true;
        let mut answers = self.connection.answers.lock().expect("nobody panics with it");
        answers.pop_front().unwrap_or_default()
    }
}

impl Drop for Call<'_> {
    fn drop(&mut self) {
        if !self.is_over {
            self.connection.is_broken.store(true, Ordering::SeqCst);
        }
    }
}
