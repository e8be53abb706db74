#[cfg(feature = "postgres")]
use std::cell::RefCell;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicU64, AtomicUsize, Ordering};

use super::{Decision, Runnable};

#[cfg(feature = "postgres")]
thread_local! {
    /// The progress of the search that this thread carries out.
    static HERE: RefCell<Option<Arc<Progress>>> = const { RefCell::new(None) };
}

/// Waits on this thread for what belongs to the harness, as the database that an execution is given: code under test does not block the thread meanwhile.
#[cfg(feature = "postgres")]
pub(crate) fn off_schedule<T>(wait: impl FnOnce() -> T) -> T {
    let here = HERE.with_borrow(Clone::clone);
    let polling = here.filter(|progress| progress.is_polling());
    if let Some(progress) = &polling {
        progress.polling(false);
    }
    let waited = wait();
    if let Some(progress) = &polling {
        progress.polling(true);
    }
    waited
}

/// How many decisions of the execution at hand another thread can read.
const KEPT: usize = 1 << 14;

/// What a thread that watches the search can see of it: that it moves, and which decisions led to where it stands.
///
/// One thread writes, any number read. A reader may see a decision of the next execution beside those of the last;
/// where the search has stopped moving, which is when it matters, it sees all of one.
#[derive(Debug)]
pub(crate) struct Progress {
    executions: AtomicU64,
    /// Counts every decision ever made.
    beat: AtomicU64,
    polling: AtomicBool,
    made: AtomicUsize,
    decisions: Box<[AtomicU64]>,
    /// Who each decision preempted, as the decision that lets it go.
    preempted: Box<[AtomicU64]>,
}

impl Progress {
    /// Nothing has moved yet.
    pub(crate) fn new() -> Arc<Self> {
        Arc::new(Self {
            executions: AtomicU64::new(0),
            beat: AtomicU64::new(0),
            polling: AtomicBool::new(false),
            made: AtomicUsize::new(0),
            decisions: (0..KEPT).map(|_| AtomicU64::new(0)).collect(),
            preempted: (0..KEPT).map(|_| AtomicU64::new(0)).collect(),
        })
    }

    /// This thread carries out the search from now on.
    #[cfg(feature = "postgres")]
    pub(crate) fn carried_out_here(self: &Arc<Self>) {
        HERE.set(Some(Arc::clone(self)));
    }

    /// How many executions have begun.
    pub(crate) fn executions(&self) -> u64 {
        self.executions.load(Ordering::Relaxed)
    }

    /// A number that has changed where the search has moved.
    pub(crate) fn beat(&self) -> u64 {
        self.beat.load(Ordering::Acquire)
    }

    /// True while code under test has the thread.
    pub(crate) fn is_polling(&self) -> bool {
        self.polling.load(Ordering::Acquire)
    }

    /// The decisions of the execution at hand, the last of which may not have come back.
    pub(crate) fn decisions(&self) -> Vec<Decision> {
        let made = self.made.load(Ordering::Acquire).min(KEPT);
        self.decisions[..made]
            .iter()
            .filter_map(|word| Decision::unpack(word.load(Ordering::Relaxed)))
            .collect()
    }

    /// Whom those preempted, by index.
    pub(crate) fn preemptions(&self) -> Vec<(usize, Runnable)> {
        let made = self.made.load(Ordering::Acquire).min(KEPT);
        let words = self.preempted[..made].iter().enumerate();
        words
            .filter_map(|(step, word)| {
                let goes = Decision::unpack(word.load(Ordering::Relaxed))?;
                Some((step, Runnable::of(goes)?))
            })
            .collect()
    }

    /// Notes whom the decision of an index preempted, which is the one being carried out or an earlier one.
    pub(crate) fn preempted(&self, step: usize, of: Runnable) {
        if let Some(word) = self.preempted.get(step) {
            word.store(of.decision().pack(), Ordering::Relaxed);
        }
    }

    pub(crate) fn begin(&self) {
        self.made.store(0, Ordering::Release);
        self.executions.store(self.executions() + 1, Ordering::Relaxed);
        self.moved();
    }

    pub(crate) fn decided(&self, step: usize, decision: Decision) {
        if let Some(word) = self.decisions.get(step) {
            word.store(decision.pack(), Ordering::Relaxed);
            self.preempted[step].store(0, Ordering::Relaxed);
        }
        self.made.store(step + 1, Ordering::Release);
        self.moved();
    }

    pub(crate) fn polling(&self, polling: bool) {
        self.polling.store(polling, Ordering::Release);
        self.moved();
    }

    fn moved(&self) {
        // One writer: a load and a store, not a locked addition.
        self.beat.store(
            self.beat.load(Ordering::Relaxed).wrapping_add(1),
            Ordering::Release,
        );
    }
}

#[cfg(test)]
mod tests {
    use super::{Decision, Progress, Runnable};

    #[test]
    fn a_watcher_sees_who_was_preempted_in_the_execution_at_hand() {
        let progress = Progress::new();
        for executions in 0..2 {
            progress.begin();
            for step in 0..4 {
                progress.decided(step, Decision::Run { actor: step % 2 });
                if executions == 0 {
                    progress.preempted(step, Runnable::Runtime(7));
                }
            }
        }
        assert_eq!(progress.preemptions(), []);
        progress.preempted(3, Runnable::Actor(0));
        progress.preempted(1, Runnable::Runtime(2));
        assert_eq!(
            progress.preemptions(),
            [(1, Runnable::Runtime(2)), (3, Runnable::Actor(0))]
        );
    }
}
