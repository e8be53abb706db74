//! Calls that time out, each after another time. The last two are reaped in the order in which they are due, whoever it
//! is that reaps: the later of them must time out before the other, when a third is already gone.

use std::sync::{Arc, Mutex};
use std::time::Duration;

use super::rt;
use super::shape::{Guest, Script, Shape, System};

pub(super) const SHAPE: Shape =
    Shape::new("timeouts in a certain order", 3, || Arc::<Reaper>::default()).late_timers(1);

#[derive(Default)]
struct Reaper {
    /// In the order in which they are due.
    calls: Mutex<Vec<Call>>,
    /// Nobody ever answers.
    answer: rt::Notify,
}

struct Call {
    due: rt::Instant,
    user: usize,
    token: String,
}

impl System for Reaper {
    fn user(self: Arc<Self>, guest: Guest) -> Script {
        Box::pin(async move {
            let time = Duration::from_millis(10 + 3 * guest.index as u64);
            let _caller = self.begin(&guest, rt::Instant::now() + time);
            if rt::timeout(time, self.answer.notified()).await.is_err() {
                guest.saw(&self.reap(guest.index));
            }
        })
    }
}

impl Reaper {
    fn begin(&self, guest: &Guest, due: rt::Instant) -> Caller<'_> {
        let mut calls = self.calls.lock().expect("nobody panics with it");
        let at = calls.partition_point(|call| call.due <= due);
        let (user, token) = (guest.index, guest.token.clone());
        calls.insert(at, Call { due, user, token });
        Caller { reaper: self, user }
    }

    fn reap(&self, user: usize) -> String {
        let mut calls = self.calls.lock().expect("nobody panics with it");
        let own = calls.iter().position(|call| call.user == user);
        let at = if calls.len() == 2 { Some(0) } else { own };
        at.map(|at| calls.remove(at).token).unwrap_or_default()
    }
}

/// Takes a call with it where its user is dropped.
struct Caller<'r> {
    reaper: &'r Reaper,
    user: usize,
}

impl Drop for Caller<'_> {
    fn drop(&mut self) {
        let mut calls = self.reaper.calls.lock().expect("nobody panics with it");
        calls.retain(|call| call.user != self.user);
    }
}
