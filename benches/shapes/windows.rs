//! Windows one step wide: one user stands between two of its steps while the one before it takes a certain one of its own;
//! then that one stands, further on, and so round. Who is neither of the two closes the window by any step. Whoever comes
//! through the last window is shown the other's token. Users who take turns in the order in which they come, as on a
//! runtime with one queue, never come through the first.
//!
//! `windows 3x20, 2` has 3 users of 20 awaits and 2 windows.

use std::sync::{Arc, Mutex};

use super::rt;
use super::shape::{Guest, Script, Shape, System};

pub(super) const TWO_USERS_ONE: Shape =
    Shape::new("windows 2x10, 1", 2, || Course::<10, 1>::new(2)).preemptions(1);
pub(super) const TWO_USERS_TWO: Shape =
    Shape::new("windows 2x10, 2", 2, || Course::<10, 2>::new(2)).preemptions(2);
pub(super) const TWO_USERS_THREE: Shape =
    Shape::new("windows 2x10, 3", 2, || Course::<10, 3>::new(2)).preemptions(3);
pub(super) const THREE_USERS_TWO: Shape =
    Shape::new("windows 3x20, 2", 3, || Course::<20, 2>::new(3)).preemptions(2);
pub(super) const THREE_USERS_THREE: Shape =
    Shape::new("windows 3x20, 3", 3, || Course::<20, 3>::new(3)).preemptions(3);
pub(super) const TWO_USERS_FAR_TWO: Shape =
    Shape::new("windows 2x400, 2", 2, || Course::<400, 2>::new(2)).preemptions(2);
pub(super) const THREE_USERS_FAR_ONE: Shape =
    Shape::new("windows 3x200, 1", 3, || Course::<200, 1>::new(3)).preemptions(1);
pub(super) const THREE_USERS_FAR_TWO: Shape =
    Shape::new("windows 3x200, 2", 3, || Course::<200, 2>::new(3)).preemptions(2);

/// The steps are those of tasks, one of each user: on one runtime they take turns and never come through both.
pub(super) const SPAWNED: Shape = Shape::new("spawned windows", 2, || {
    Arc::new(InTasks(Course::<10, 2>::new(2)))
})
.preemptions(2)
.inversions(1);

/// A user, from 0, and one of its steps.
type Step = (usize, usize);

struct Course<const AWAITS: usize, const WINDOWS: usize>(Mutex<Progress>);

struct Progress {
    tokens: Vec<String>,
    /// The step that each user took last.
    last: Vec<Option<usize>>,
    /// Who is neither of the two took a step since the one who stands last did.
    is_closed: bool,
    passed: usize,
}

impl<const AWAITS: usize, const WINDOWS: usize> Course<AWAITS, WINDOWS> {
    /// After which step a user must stand, and which step another must take meanwhile.
    fn window(users: usize, number: usize) -> [Step; 2] {
        let at = (number + 1) * AWAITS / 4;
        let before = |user: usize| (2 * users + user - number) % users;
        [(before(1), at), (before(0), at)]
    }

    fn new(users: usize) -> Arc<Self> {
        Arc::new(Self(Mutex::new(Progress {
            tokens: vec![String::new(); users],
            last: vec![None; users],
            is_closed: false,
            passed: 0,
        })))
    }

    async fn run(&self, guest: &Guest) {
        for step in 0..=AWAITS {
            let shown = self.step(guest, step);
            guest.saw(&shown);
            if step < AWAITS {
                rt::yield_now().await;
            }
        }
    }

    /// Takes a step, and gives the text that is shown for it.
    fn step(&self, guest: &Guest, step: usize) -> String {
        let mut progress = self.0.lock().expect("nobody panics with it");
        progress.tokens[guest.index].clone_from(&guest.token);
        progress.last[guest.index] = Some(step);
        let number = progress.passed.min(WINDOWS - 1);
        let [(stands, after), (goes, takes)] = Self::window(progress.tokens.len(), number);
        match guest.index {
            index if index == stands => progress.is_closed = false,
            index if index != goes => progress.is_closed = true,
            _ => {}
        }
        let is_open = !progress.is_closed && progress.last[stands] == Some(after);
        let passes = progress.passed < WINDOWS && is_open && (goes, takes) == (guest.index, step);
        progress.passed += usize::from(passes);
        let is_through = passes && progress.passed == WINDOWS;
        let owner = if is_through { stands } else { guest.index };
        progress.tokens[owner].clone()
    }
}

impl<const AWAITS: usize, const WINDOWS: usize> System for Course<AWAITS, WINDOWS> {
    fn user(self: Arc<Self>, guest: Guest) -> Script {
        Box::pin(async move { self.run(&guest).await })
    }
}

struct InTasks<const AWAITS: usize, const WINDOWS: usize>(Arc<Course<AWAITS, WINDOWS>>);

impl<const AWAITS: usize, const WINDOWS: usize> System for InTasks<AWAITS, WINDOWS> {
    fn user(self: Arc<Self>, guest: Guest) -> Script {
        Box::pin(async move {
            let course = Arc::clone(&self.0);
            let task = rt::spawn(async move { course.run(&guest).await });
            task.await.expect("the task comes to its end");
        })
    }
}
