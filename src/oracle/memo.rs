use std::collections::HashMap;

/// Remembers answers by digest; emptied when full, so that its memory is bounded.
#[derive(Debug)]
pub(super) struct Memo<T> {
    answers: HashMap<u64, T>,
    limit: usize,
}

impl<T> Memo<T> {
    pub(super) fn new(limit: usize) -> Self {
        Self {
            answers: HashMap::new(),
            limit,
        }
    }

    pub(super) fn get(&self, digest: u64) -> Option<&T> {
        self.answers.get(&digest)
    }

    pub(super) fn insert(&mut self, digest: u64, answer: T) {
        if self.answers.len() >= self.limit {
            self.answers.clear();
        }
        self.answers.insert(digest, answer);
    }

    pub(super) fn clear(&mut self) {
        self.answers.clear();
    }
}
