use super::Runnable;
use super::runnables::bits;
use super::runtime::ready_set::full_word;
use crate::digest::Digest;

/// Takes down who wakes whom in an execution, in order, from who could run before a decision and after it.
///
/// Of the tasks of one runtime, it shows only that the first of them can run.
#[derive(Debug)]
pub(super) struct Waking {
    /// Who was woken when it was looked last, and has not been polled since; a bit each.
    actors: Vec<u64>,
    runtimes: Vec<usize>,
    /// Whose poll or drop is under way; `None` where time passes.
    by: Option<Runnable>,
    wake_ups: Digest,
}

impl Waking {
    /// So many actors can run at first.
    pub(super) fn begin(actors: usize) -> Self {
        let words = 0..actors.div_ceil(64);
        Self {
            actors: words.map(|word| full_word(actors, word)).collect(),
            runtimes: Vec::new(),
            by: None,
            wake_ups: Digest::new(),
        }
    }

    /// The wake-ups up to the next call are this runnable's doing.
    pub(super) fn runs(&mut self, runnable: Runnable) {
        self.by = Some(runnable);
        if let Runnable::Actor(actor) = runnable {
            self.actors[actor / 64] &= !(1 << (actor % 64));
        }
    }

    /// The wake-ups up to the next call are the clock's doing.
    pub(super) fn time_passes(&mut self) {
        self.by = None;
    }

    /// Takes down which actors of a word of 64 can run.
    pub(super) fn look_at_actors(&mut self, number: usize, now: u64) {
        let before = std::mem::replace(&mut self.actors[number], now);
        let new = now & !before;
        if new != 0 {
            for bit in bits(&[new]) {
                self.note(Runnable::Actor(number * 64 + bit));
            }
        }
    }

    /// Takes down which runtimes may have a task to poll.
    pub(super) fn look_at_runtimes(&mut self, now: &[usize]) {
        if self.runtimes == now {
            return;
        }
        let before = std::mem::replace(&mut self.runtimes, now.to_vec());
        for &runtime in now.iter().filter(|runtime| !before.contains(runtime)) {
            self.note(Runnable::Runtime(runtime));
        }
    }

    fn note(&mut self, woken: Runnable) {
        let by = self.by.map_or(u64::from(u32::MAX), word);
        self.wake_ups = self.wake_ups.word(by << 32 | word(woken));
    }

    /// A digest of the wake-ups.
    pub(super) fn digest(&self) -> u64 {
        self.wake_ups.finish()
    }
}

fn word(runnable: Runnable) -> u64 {
    match runnable {
        Runnable::Actor(actor) => 2 * actor as u64,
        Runnable::Runtime(runtime) => 2 * runtime as u64 + 1,
    }
}

#[cfg(test)]
mod tests {
    use super::Waking;
    use crate::interleave::Runnable::{Actor, Runtime};

    /// Two users, of whom the first runs; then both can, and a runtime has a task.
    fn waking(by: impl Fn(&mut Waking)) -> u64 {
        let mut waking = Waking::begin(2);
        waking.look_at_actors(0, 0b11);
        waking.runs(Actor(0));
        waking.look_at_actors(0, 0b10);
        by(&mut waking);
        waking.look_at_actors(0, 0b11);
        waking.look_at_runtimes(&[1]);
        waking.digest()
    }

    #[test]
    fn it_matters_who_wakes_whom() {
        let by_itself = waking(|waking| waking.runs(Actor(0)));
        let by_the_other = waking(|waking| waking.runs(Actor(1)));
        let by_a_task = waking(|waking| waking.runs(Runtime(1)));
        let by_the_clock = waking(Waking::time_passes);
        let all = [by_itself, by_the_other, by_a_task, by_the_clock];
        for (place, one) in all.iter().enumerate() {
            assert!(!all[..place].contains(one), "{place}");
        }
        assert_eq!(by_itself, waking(|_| {}));
    }

    #[test]
    fn who_was_awake_before_is_not_woken() {
        let quiet = Waking::begin(70).digest();
        let mut waking = Waking::begin(70);
        waking.look_at_actors(0, u64::MAX);
        waking.look_at_actors(1, 0b11_1111);
        waking.runs(Actor(69));
        waking.look_at_actors(1, 0b1_1111);
        assert_eq!(waking.digest(), quiet);
        waking.look_at_runtimes(&[3]);
        let once = waking.digest();
        waking.look_at_runtimes(&[3]);
        assert_eq!(waking.digest(), once);
        waking.look_at_actors(1, 0b11_1111);
        assert_ne!(waking.digest(), once);
    }
}
