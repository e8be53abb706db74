//! One slot for everybody: written, and read after a while.

use std::sync::{Arc, Mutex, PoisonError};

use super::rt;
use super::shape::{Guest, Script, Shape, System};

/// Four awaits between writing and reading.
pub(super) const PENDING: Shape =
    Shape::new("shared slot", 3, || Arc::new(Slot::<false>::default())).preemptions(1);

/// What is between is ready: a channel in which there is a message.
pub(super) const READY: Shape =
    Shape::new(
        "shared slot, ready await",
        3,
        || Arc::new(Slot::<true>::default()),
    )
    .preemptions(1)
    .ready_awaits(1);

#[derive(Default)]
struct Slot<const READY: bool>(Mutex<String>);

impl<const READY: bool> System for Slot<READY> {
    fn user(self: Arc<Self>, guest: Guest) -> Script {
        Box::pin(async move {
            self.write(&guest.token);
            if READY {
                let (tell, told) = rt::oneshot::channel();
                tell.send(()).expect("it is received below");
                told.await.expect("it was sent above");
            } else {
                for _ in 0..4 {
                    rt::yield_now().await;
                }
            }
            guest.saw(&self.read());
        })
    }
}

impl<const READY: bool> Slot<READY> {
    fn write(&self, token: &str) {
        token.clone_into(&mut self.0.lock().unwrap_or_else(PoisonError::into_inner));
    }

    fn read(&self) -> String {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).clone()
    }
}
