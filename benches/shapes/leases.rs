//! Leases that end at different times: whoever's timer fires ends the lease that is due first, believing that it is its
//! own. Two timers that are due at once come in any order.

use std::sync::{Arc, Mutex};
use std::time::Duration;

use super::rt;
use super::shape::{Guest, Script, Shape, System};

pub(super) const SHAPE: Shape = Shape::new("order of timers", 2, || Arc::<Leases>::default()).late_timers(1);

#[derive(Default)]
struct Leases(Mutex<Vec<Lease>>);

struct Lease {
    due: rt::Instant,
    user: usize,
    token: String,
}

impl System for Leases {
    fn user(self: Arc<Self>, guest: Guest) -> Script {
        Box::pin(async move {
            let time = Duration::from_millis(10 + 2 * guest.index as u64);
            let _tenant = self.begin(&guest, rt::Instant::now() + time);
            rt::sleep(time).await;
            guest.saw(&self.end_first());
        })
    }
}

impl Leases {
    fn begin(&self, guest: &Guest, due: rt::Instant) -> Tenant<'_> {
        let mut leases = self.0.lock().expect("nobody panics with it");
        let at = leases.partition_point(|lease| lease.due <= due);
        let (user, token) = (guest.index, guest.token.clone());
        leases.insert(at, Lease { due, user, token });
        Tenant { leases: self, user }
    }

    fn end_first(&self) -> String {
        let mut leases = self.0.lock().expect("nobody panics with it");
        if leases.is_empty() {
            return String::new();
        }
        leases.remove(0).token
    }
}

/// Takes a lease with it where its user is dropped.
struct Tenant<'l> {
    leases: &'l Leases,
    user: usize,
}

impl Drop for Tenant<'_> {
    fn drop(&mut self) {
        let mut leases = self.leases.0.lock().expect("nobody panics with it");
        leases.retain(|lease| lease.user != self.user);
    }
}
