//! Windows one step wide: one user stands between two of its steps while another takes a certain one of its own; then
//! the other way round, further on. Whoever comes through the last window is shown the other's token.

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

/// The steps are those of tasks, one of each user: on one runtime they take turns and never come through.
pub(super) const SPAWNED: Shape = Shape::new("spawned windows", 2, || {
    Arc::new(InTasks(Course::<10, 2>::new(2)))
})
.preemptions(2)
.inversions(1);

/// A user, from 0, and one of its steps.
type Step = (usize, usize);

struct Course<const STEPS: usize, const WINDOWS: usize>(Mutex<Progress>);

struct Progress {
    tokens: Vec<String>,
    /// The step that each user took last.
    last: Vec<Option<usize>>,
    passed: usize,
}

impl<const STEPS: usize, const WINDOWS: usize> Course<STEPS, WINDOWS> {
    /// After which step a user must stand, and which step another must take meanwhile, window after window.
    const WINDOWS: [[Step; 2]; 3] = {
        let (a, b, c) = (STEPS / 4, STEPS / 2, 3 * STEPS / 4);
        [[(0, a), (1, a)], [(1, b), (0, b)], [(0, c), (1, c)]]
    };

    fn new(users: usize) -> Arc<Self> {
        Arc::new(Self(Mutex::new(Progress {
            tokens: vec![String::new(); users],
            last: vec![None; users],
            passed: 0,
        })))
    }

    async fn run(&self, guest: &Guest) {
        for step in 0..=STEPS {
            let shown = self.step(guest, step);
            guest.saw(&shown);
            if step < STEPS {
                rt::yield_now().await;
            }
        }
    }

    /// Takes a step, and gives the text that is shown for it.
    fn step(&self, guest: &Guest, step: usize) -> String {
        let mut progress = self.0.lock().expect("nobody panics with it");
        progress.tokens[guest.index].clone_from(&guest.token);
        progress.last[guest.index] = Some(step);
        let [(stands, after), takes] = Self::WINDOWS[progress.passed.min(WINDOWS - 1)];
        let is_open = progress.passed < WINDOWS && progress.last[stands] == Some(after);
        let passes = is_open && takes == (guest.index, step);
        progress.passed += usize::from(passes);
        let is_through = passes && progress.passed == WINDOWS;
        let owner = if is_through { stands } else { guest.index };
        progress.tokens[owner].clone()
    }
}

impl<const STEPS: usize, const WINDOWS: usize> System for Course<STEPS, WINDOWS> {
    fn user(self: Arc<Self>, guest: Guest) -> Script {
        Box::pin(async move { self.run(&guest).await })
    }
}

struct InTasks<const STEPS: usize, const WINDOWS: usize>(Arc<Course<STEPS, WINDOWS>>);

impl<const STEPS: usize, const WINDOWS: usize> System for InTasks<STEPS, WINDOWS> {
    fn user(self: Arc<Self>, guest: Guest) -> Script {
        Box::pin(async move {
            let course = Arc::clone(&self.0);
            let task = rt::spawn(async move { course.run(&guest).await });
            task.await.expect("the task comes to its end");
        })
    }
}
