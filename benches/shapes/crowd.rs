//! Twelve users in eleven shards: two of them share one, and one of these must come between the other's look at what is
//! in it and its use.

use std::sync::{Arc, Mutex};

use super::rt;
use super::shape::{Guest, Script, Shape, System};

pub(super) const SHAPE: Shape = Shape::new("2 of 12 users", 12, || Arc::<Shards>::default()).preemptions(1);

#[derive(Default)]
struct Shards([Mutex<String>; 11]);

impl System for Shards {
    fn user(self: Arc<Self>, guest: Guest) -> Script {
        Box::pin(async move {
            let shard = &self.0[guest.index % self.0.len()];
            rt::yield_now().await;
            guest
                .token
                .clone_into(&mut shard.lock().expect("nobody panics with it"));
            rt::yield_now().await;
            let is_own = *shard.lock().expect("nobody panics with it") == guest.token;
            rt::yield_now().await;
            if is_own {
                guest.saw(&shard.lock().expect("nobody panics with it"));
            } else {
                guest.saw(&guest.token);
            }
        })
    }
}
