use std::collections::VecDeque;

use tokio::time::Instant;

use super::Limits;

/// Counts the messages of a client within a window of time.
#[derive(Debug)]
pub(super) struct Pace {
    limits: Limits,
    recent: VecDeque<Instant>,
}

impl Pace {
    pub(super) fn new(limits: Limits) -> Self {
        Self {
            limits,
            recent: VecDeque::new(),
        }
    }

    /// Counts a message. False where there were too many.
    pub(super) fn allows(&mut self) -> bool {
        let now = Instant::now();
        let window = self.limits.window;
        while self.recent.front().is_some_and(|&first| now - first >= window) {
            self.recent.pop_front();
        }
        self.recent.push_back(now);
        self.recent.len() <= self.limits.messages
    }
}
