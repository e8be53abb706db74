use std::collections::HashMap;

/// Remembers answers by digest; emptied when full, so that its memory is bounded.
#[derive(Debug)]
pub(in crate::oracle) struct Cache<T> {
    answers: HashMap<u64, T>,
    limit: usize,
}

impl<T> Cache<T> {
    pub(in crate::oracle) fn new(limit: usize) -> Self {
        Self {
            answers: HashMap::new(),
            limit,
        }
    }

    pub(in crate::oracle) fn get(&self, digest: u64) -> Option<&T> {
        self.answers.get(&digest)
    }

    pub(in crate::oracle) fn insert(&mut self, digest: u64, answer: T) {
        if self.answers.len() >= self.limit {
            self.answers.clear();
        }
        self.answers.insert(digest, answer);
    }

    pub(in crate::oracle) fn clear(&mut self) {
        self.answers.clear();
    }
}

#[cfg(test)]
mod tests {
    use super::Cache;

    #[test]
    fn a_cache_remembers_up_to_its_limit() {
        let mut cache = Cache::new(2);
        cache.insert(1, "one");
        cache.insert(2, "two");
        assert_eq!((cache.get(1), cache.get(2)), (Some(&"one"), Some(&"two")));
        cache.insert(3, "three");
        assert!(cache.answers.len() <= 2);
        assert_eq!(cache.get(3), Some(&"three"));
    }
}
