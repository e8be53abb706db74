use std::collections::VecDeque;

/// So many events a test keeps.
pub(super) const CAPACITY: usize = 10_000;

/// The latest of many.
#[derive(Debug)]
pub(super) struct Buffer<T> {
    kept: VecDeque<T>,
    dropped: usize,
}

impl<T: Clone> Buffer<T> {
    pub(super) fn push(&mut self, item: T) {
        if self.kept.len() == CAPACITY {
            self.kept.pop_front();
            self.dropped += 1;
        }
        self.kept.push_back(item);
    }

    /// What is kept, the oldest first, and how many went before.
    pub(super) fn snapshot(&self) -> (Vec<T>, usize) {
        (self.kept.iter().cloned().collect(), self.dropped)
    }
}

impl<T> Default for Buffer<T> {
    fn default() -> Self {
        Self {
            kept: VecDeque::new(),
            dropped: 0,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::{Buffer, CAPACITY};

    #[test]
    fn the_oldest_go_first_and_are_counted() {
        let mut buffer = Buffer::default();
        (0..CAPACITY + 3).for_each(|number| buffer.push(number));
        let (kept, dropped) = buffer.snapshot();
        assert_eq!((kept.len(), kept[0], dropped), (CAPACITY, 3, 3));
    }
}
