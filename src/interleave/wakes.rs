use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::sync::{Arc, Mutex, PoisonError};
use std::task::{Wake, Waker};

/// Which actors have been woken and not polled since: a bit each.
#[derive(Debug)]
pub(crate) struct Wakes {
    words: Box<[AtomicU64]>,
    /// True while the driver sleeps inside a runtime and must be woken too.
    sleeping: AtomicBool,
    sleeper: Mutex<Option<Waker>>,
}

impl Wakes {
    /// All of `actors` woken, as freshly spawned tasks are.
    pub(crate) fn new(actors: usize) -> Arc<Self> {
        let words = (0..actors.div_ceil(64))
            .map(|word| AtomicU64::new(full_word(actors, word)))
            .collect();
        Arc::new(Self {
            words,
            sleeping: AtomicBool::new(false),
            sleeper: Mutex::new(None),
        })
    }

    /// A waker for each actor.
    pub(crate) fn wakers(self: &Arc<Self>, actors: usize) -> Vec<Arc<ActorWaker>> {
        (0..actors)
            .map(|index| {
                Arc::new(ActorWaker {
                    index,
                    wakes: Arc::clone(self),
                })
            })
            .collect()
    }

    pub(crate) fn word(&self, word: usize) -> u64 {
        self.words[word].load(Ordering::SeqCst)
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

/// Wakes one actor.
#[derive(Debug)]
pub(crate) struct ActorWaker {
    index: usize,
    wakes: Arc<Wakes>,
}

impl Wake for ActorWaker {
    fn wake(self: Arc<Self>) {
        self.wakes.set(self.index);
    }

    fn wake_by_ref(self: &Arc<Self>) {
        self.wakes.set(self.index);
    }
}
