//! A session that is built where there is none, and shared by nobody: but between looking and putting it there is an
//! await, after which it is put over another's.

use std::sync::{Arc, Mutex};

use super::rt;
use super::shape::{Guest, Script, Shape, System};

pub(super) const SHAPE: Shape = Shape::new("built twice", 2, || Arc::<Sessions>::default()).preemptions(3);

#[derive(Default)]
struct Sessions(Mutex<Option<String>>);

impl System for Sessions {
    fn user(self: Arc<Self>, guest: Guest) -> Script {
        Box::pin(async move {
            if self.current().is_some() {
                // Somebody else's: this user does without.
                guest.saw(&guest.token);
                return;
            }
            rt::yield_now().await;
            self.put(Some(guest.token.clone()));
            rt::yield_now().await;
            guest.saw(&self.current().unwrap_or_default());
            self.put(None);
        })
    }
}

impl Sessions {
    fn current(&self) -> Option<String> {
        self.0.lock().expect("nobody panics with it").clone()
    }

    fn put(&self, session: Option<String>) {
        *self.0.lock().expect("nobody panics with it") = session;
    }
}
