use std::collections::VecDeque;

use super::{Origin, WokenBy};
use crate::interleave::runtime::stepped_runtime::Reading;

/// What is known of a runtime's tasks and of its queue.
#[derive(Debug)]
pub(super) struct Watched {
    /// What was read off the runtime last.
    pub(super) read: Reading,
    /// The tasks that are alive; all of them while `is_complete`.
    tasks: Vec<usize>,
    is_complete: bool,
    origin: Origins,
    /// What waits in the queue for what comes from outside of the runtime: tokio takes the first of it before any other task.
    injected: VecDeque<Injected>,
    /// What may have woken the tasks in the runtime's own queue.
    woken: Wakers,
}

/// Where the tasks of a runtime come from that are alive.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Origins {
    None,
    One(Origin),
    Unknown,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Wakers {
    Nobody,
    One(WokenBy),
    Unknown,
}

#[derive(Clone, Copy, Debug, Default)]
pub(super) struct Injected {
    pub(super) task: Option<usize>,
    pub(super) by: Option<WokenBy>,
}

impl Default for Watched {
    /// A runtime without tasks.
    fn default() -> Self {
        Self {
            read: Reading::default(),
            tasks: Vec::new(),
            is_complete: true,
            origin: Origins::None,
            injected: VecDeque::new(),
            woken: Wakers::Nobody,
        }
    }
}

impl Watched {
    /// The only task that is alive, where it is known which.
    pub(super) fn only(&self) -> Option<usize> {
        match self.tasks[..] {
            [only] if self.is_complete && self.read.tasks == 1 => Some(only),
            _ => None,
        }
    }

    /// The tasks that are alive, where they are all known.
    pub(super) fn all(&self) -> Option<&[usize]> {
        self.is_complete.then_some(&self.tasks)
    }

    /// Where every task comes from that is alive.
    pub(super) fn origin(&self) -> Option<Origin> {
        match self.origin {
            Origins::One(origin) => Some(origin),
            Origins::None | Origins::Unknown => None,
        }
    }

    /// Takes what runs next out of the queue.
    pub(super) fn next(&mut self) -> Injected {
        let only = self.only();
        if let Some(front) = self.injected.pop_front() {
            return Injected {
                task: front.task.or(only),
                by: front.by,
            };
        }
        let by = match self.woken {
            Wakers::One(by) => Some(by),
            Wakers::Nobody | Wakers::Unknown => None,
        };
        if self.read.tasks == 1 {
            // A task is in the queue at most once.
            self.woken = Wakers::Nobody;
        }
        Injected { task: only, by }
    }

    /// Tasks were spawned here.
    pub(super) fn spawned(&mut self, tasks: &[usize], origin: Option<Origin>) {
        self.tasks.extend(tasks);
        self.comes_from(origin);
    }

    /// Tasks from there may have been spawned here.
    pub(super) fn comes_from(&mut self, origin: Option<Origin>) {
        self.origin = match (self.origin, origin) {
            (Origins::None, Some(origin)) => Origins::One(origin),
            (Origins::One(known), Some(origin)) if known == origin => Origins::One(known),
            _ => Origins::Unknown,
        };
    }

    pub(super) fn ended(&mut self, task: usize) {
        self.tasks.retain(|&other| other != task);
    }

    /// Which tasks are alive is not known from here on.
    pub(super) fn loses_count(&mut self) {
        self.is_complete = false;
    }

    /// What may have woken tasks in the runtime's own queue; `None` where it is not known.
    pub(super) fn wakes(&mut self, by: Option<WokenBy>) {
        self.woken = match (self.woken, by) {
            (Wakers::Nobody, Some(by)) => Wakers::One(by),
            (Wakers::One(known), Some(by)) if known == by => Wakers::One(by),
            _ => Wakers::Unknown,
        };
    }

    /// What woke somebody before has no number any more.
    pub(super) fn forget_wakers(&mut self) {
        self.injected.iter_mut().for_each(|injected| injected.by = None);
        if self.woken != Wakers::Nobody {
            self.woken = Wakers::Unknown;
        }
    }

    /// The runtime's own queue is known to be empty.
    pub(super) fn is_idle(&mut self) {
        self.woken = Wakers::Nobody;
    }

    /// How many more wait for what comes from outside than is known; negative where some are gone.
    pub(super) fn unexplained(&self, now: &Reading) -> isize {
        now.injected.cast_signed() - self.injected.len().cast_signed()
    }

    pub(super) fn inject(&mut self, more: impl IntoIterator<Item = Injected>) {
        self.injected.extend(more);
    }

    /// Takes over what was read; what is not explained by it is not known.
    pub(super) fn follow(&mut self, now: Reading) {
        if now.injected < self.injected.len() {
            self.injected.clear();
        }
        self.injected.resize(now.injected, Injected::default());
        if now.is_empty {
            self.is_idle();
        }
        if now.tasks == 0 {
            *self = Self::default();
        }
        self.read = now;
    }
}
