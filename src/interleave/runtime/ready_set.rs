use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::sync::{Arc, Mutex, PoisonError};
use std::task::{Wake, Waker};

use super::outside::Outside;

/// Which actors have been woken and not polled since: a bit each.
#[derive(Debug)]
pub(crate) struct ReadySet {
    words: Box<[AtomicU64]>,
    /// True while the driver sleeps inside a runtime and must be woken too.
    sleeping: AtomicBool,
    sleeper: Mutex<Option<Waker>>,
    outside: Arc<Outside>,
}

impl ReadySet {
    /// All of `actors` woken, as freshly spawned tasks are.
    pub(crate) fn new(actors: usize) -> Arc<Self> {
        Self::heard_by(actors, Arc::default())
    }

    fn heard_by(actors: usize, outside: Arc<Outside>) -> Arc<Self> {
        let words = (0..actors.div_ceil(64))
            .map(|word| AtomicU64::new(full_word(actors, word)))
            .collect();
        Arc::new(Self {
            words,
            sleeping: AtomicBool::new(false),
            sleeper: Mutex::new(None),
            outside,
        })
    }

    /// All of `actors` woken again, and no other.
    fn refill(&self, actors: usize) {
        for (number, word) in self.words.iter().enumerate() {
            word.store(full_word(actors, number), Ordering::SeqCst);
        }
    }

    pub(crate) fn word(&self, word: usize) -> u64 {
        self.words[word].load(Ordering::SeqCst)
    }

    pub(crate) fn words(&self) -> Vec<u64> {
        (0..self.words.len()).map(|word| self.word(word)).collect()
    }

    pub(crate) fn clear(&self, actor: usize) {
        self.words[actor / 64].fetch_and(!(1 << (actor % 64)), Ordering::SeqCst);
    }

    /// True where one of the actors in `among` (a bit each) is woken.
    pub(crate) fn any(&self, among: &[u64]) -> bool {
        among
            .iter()
            .enumerate()
            .any(|(word, mask)| self.word(word) & mask != 0)
    }

    pub(crate) fn set(&self, actor: usize) {
        self.outside.note();
        let word = &self.words[actor / 64];
        let bit = 1 << (actor % 64);
        // A plain load first: most wake-ups find the bit set, and a locked instruction costs more than a poll.
        if word.load(Ordering::SeqCst) & bit == 0 {
            word.fetch_or(bit, Ordering::SeqCst);
        }
        if self.sleeping.load(Ordering::SeqCst) {
            let sleeper = self
                .sleeper
                .lock()
                .unwrap_or_else(PoisonError::into_inner)
                .clone();
            if let Some(waker) = sleeper {
                waker.wake();
            }
        }
    }

    /// From now on a wake-up of any actor wakes `waker` too.
    pub(crate) fn sleep(&self, waker: &Waker) {
        *self.sleeper.lock().unwrap_or_else(PoisonError::into_inner) = Some(waker.clone());
        self.sleeping.store(true, Ordering::SeqCst);
    }

    /// Ends what [`sleep`](Self::sleep) began. The waker is dropped, for it holds the runtime.
    pub(crate) fn awake(&self) {
        self.sleeping.store(false, Ordering::SeqCst);
        *self.sleeper.lock().unwrap_or_else(PoisonError::into_inner) = None;
    }
}

/// The bits of word number `word` that belong to one of `actors`.
pub(crate) fn full_word(actors: usize, word: usize) -> u64 {
    match actors.saturating_sub(word * 64) {
        0 => 0,
        rest @ 1..=63 => (1 << rest) - 1,
        _ => u64::MAX,
    }
}

/// A waker for each actor of an execution, and who has been woken.
#[derive(Debug)]
pub(crate) struct Wakers {
    pub(crate) wakes: Arc<ReadySet>,
    handles: Vec<Arc<ActorWaker>>,
    as_std: Vec<Waker>,
}

impl Wakers {
    /// For so many actors, all of them woken.
    pub(crate) fn new(actors: usize, outside: &Arc<Outside>) -> Self {
        let mut wakers = Self {
            wakes: ReadySet::heard_by(actors, Arc::clone(outside)),
            handles: Vec::with_capacity(actors),
            as_std: Vec::with_capacity(actors),
        };
        wakers.reach(actors);
        wakers
    }

    fn reach(&mut self, actors: usize) {
        for index in self.handles.len()..actors {
            let handle = Arc::new(ActorWaker {
                index,
                wakes: Arc::clone(&self.wakes),
            });
            self.as_std.push(Waker::from(Arc::clone(&handle)));
            self.handles.push(handle);
        }
    }

    /// For so many actors, all of them woken: these again where nobody else has kept one, for what an earlier execution
    /// has left behind must not wake anybody in this one.
    pub(crate) fn again(mut self, actors: usize) -> Self {
        let has_room = self.wakes.words.len() * 64 >= actors;
        if has_room && (0..self.handles.len()).all(|actor| self.held_elsewhere(actor) == 0) {
            self.wakes.refill(actors);
            self.reach(actors);
            return self;
        }
        let outside = Arc::clone(&self.wakes.outside);
        Self::new(actors, &outside)
    }

    pub(crate) fn of(&self, actor: usize) -> &Waker {
        &self.as_std[actor]
    }

    /// How many clones of an actor's waker others hold.
    pub(crate) fn held_elsewhere(&self, actor: usize) -> usize {
        // One of them is in `as_std`, one in `handles`.
        Arc::strong_count(&self.handles[actor]).saturating_sub(2)
    }
}

/// Wakes one actor.
#[derive(Debug)]
struct ActorWaker {
    index: usize,
    wakes: Arc<ReadySet>,
}

impl Wake for ActorWaker {
    fn wake(self: Arc<Self>) {
        self.wakes.set(self.index);
    }

    fn wake_by_ref(self: &Arc<Self>) {
        self.wakes.set(self.index);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn wakers_that_nobody_has_kept_are_used_again() {
        let first = Wakers::new(70, &Arc::default());
        let at = Arc::as_ptr(&first.wakes);
        first.wakes.clear(65);
        let again = first.again(66);
        assert_eq!(Arc::as_ptr(&again.wakes), at);
        assert_eq!((again.wakes.word(0), again.wakes.word(1)), (u64::MAX, 0b11));
    }

    #[test]
    fn a_waker_that_was_kept_wakes_nobody_in_the_next_execution() {
        let first = Wakers::new(2, &Arc::default());
        let kept = first.of(1).clone();
        let again = first.again(2);
        again.wakes.clear(1);
        kept.wake();
        assert!(!again.wakes.any(&[0b10]));
    }

    #[test]
    fn there_are_wakers_for_all() {
        for actors in [3, 64, 65] {
            let again = Wakers::new(2, &Arc::default()).again(actors);
            let last = actors - 1;
            again.wakes.clear(last);
            again.of(last).wake_by_ref();
            assert_ne!(again.wakes.word(last / 64) & 1 << (last % 64), 0);
        }
    }
}
