use super::Runnable;
use super::runnables::bits;
use super::runtime::ready_set::full_word;

/// Somebody becomes able to go on.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct WakeUp {
    /// How many decisions had been made.
    pub(crate) at: usize,
    /// Whose poll, or whose drop, it was; `None` where time passed, or a thread outside of the schedule was at work.
    pub(crate) by: Option<Runnable>,
    pub(crate) woken: Runnable,
}

/// Notes who wakes whom in an execution, from who could go on before a decision and after it.
///
/// Of the tasks of one runtime, it shows only that the first of them can go on.
#[derive(Debug)]
pub(super) struct Waking {
    /// Who was woken when it was looked last, and has not been polled since; a bit each.
    actors: Vec<u64>,
    runtimes: Vec<usize>,
    by: Option<Runnable>,
    noted: Vec<WakeUp>,
}

impl Waking {
    /// So many actors can go at first.
    pub(super) fn begin(actors: usize) -> Self {
        let words = 0..actors.div_ceil(64);
        Self {
            actors: words.map(|word| full_word(actors, word)).collect(),
            runtimes: Vec::new(),
            by: None,
            noted: Vec::new(),
        }
    }

    /// What happens next is the doing of this one.
    pub(super) fn goes(&mut self, runnable: Option<Runnable>) {
        self.by = runnable;
        if let Some(Runnable::Actor(actor)) = runnable {
            self.actors[actor / 64] &= !(1 << (actor % 64));
        }
    }

    /// Takes down which actors of a word of 64 can go.
    pub(super) fn look_at_actors(&mut self, number: usize, now: u64, at: usize) {
        let before = std::mem::replace(&mut self.actors[number], now);
        let new = now & !before;
        if new != 0 {
            let by = self.by;
            self.noted.extend(bits(&[new]).map(|bit| WakeUp {
                at,
                by,
                woken: Runnable::Actor(number * 64 + bit),
            }));
        }
    }

    /// Takes down which runtimes may have a task to poll.
    pub(super) fn look_at_runtimes(&mut self, now: &[usize], at: usize) {
        if self.runtimes == now {
            return;
        }
        let by = self.by;
        let before = &self.runtimes;
        let new = now.iter().filter(|runtime| !before.contains(runtime));
        self.noted.extend(new.map(|&runtime| WakeUp {
            at,
            by,
            woken: Runnable::Runtime(runtime),
        }));
        self.runtimes.clear();
        self.runtimes.extend_from_slice(now);
    }

    pub(super) fn into_noted(self) -> Vec<WakeUp> {
        self.noted
    }
}
