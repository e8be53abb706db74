//! The ids of an identity seed's users.

use std::collections::HashSet;

use super::alphabet::push_letters;
use super::{IdentityMode, RunId, SessionId, ThreadId, UserContext, UserId};
use crate::digest::Digest;
use crate::rng::Rng;

/// One context for each of `users` users.
pub(super) fn draw(identity_seed: u64, mode: IdentityMode, users: usize) -> Vec<UserContext> {
    let mut draw = Draw::new(identity_seed);
    let shared = (draw.id("thread"), draw.id("session"));
    (0..users)
        .map(|index| match mode {
            IdentityMode::Distinct => context(
                draw.id("user"),
                draw.id("thread"),
                draw.id("run"),
                draw.id("session"),
            ),
            IdentityMode::Colliding => context(
                draw.id("user"),
                shared.0.clone(),
                draw.id("run"),
                shared.1.clone(),
            ),
            IdentityMode::LookAlike => {
                let number = look_alike(index);
                let id = |kind: &str| format!("{kind}-{number}");
                context(id("user"), id("thread"), id("run"), id("session"))
            }
        })
        .collect()
}

fn context(user: String, thread: String, run: String, session: String) -> UserContext {
    UserContext {
        user: UserId::from(user),
        thread: ThreadId::from(thread),
        run: RunId::from(run),
        session: SessionId::from(session),
    }
}

/// Random ids, each drawn once.
struct Draw {
    rng: Rng,
    drawn: HashSet<String>,
}

impl Draw {
    fn new(identity_seed: u64) -> Self {
        let stream = Digest::new().bytes(b"identities").finish();
        Self {
            rng: Rng::split(identity_seed, stream),
            drawn: HashSet::new(),
        }
    }

    fn id(&mut self, kind: &str) -> String {
        loop {
            let mut id = format!("{kind}-");
            push_letters(&mut id, 8, &mut self.rng);
            if self.drawn.insert(id.clone()) {
                return id;
            }
        }
    }
}

/// The numbers that begin with 1, shortest first: 1, 10, 11 … 19, 100, 101 …
fn look_alike(index: usize) -> usize {
    let mut first = 1;
    let mut before = 0;
    while index >= before + first {
        before += first;
        first *= 10;
    }
    first + index - before
}

#[cfg(test)]
mod tests {
    use super::{Draw, look_alike};

    #[test]
    fn an_id_is_drawn_once() {
        let first = Draw::new(0).id("user");
        let mut draw = Draw::new(0);
        draw.drawn.insert(first.clone());
        assert_ne!(draw.id("user"), first);
    }

    #[test]
    fn look_alike_numbers_begin_with_each_other() {
        let numbers: Vec<_> = [0, 1, 10, 11, 12, 110, 111].into_iter().map(look_alike).collect();
        assert_eq!(numbers, [1, 10, 19, 100, 101, 199, 1000]);
    }
}
