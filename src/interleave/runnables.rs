use std::borrow::Cow;
use std::future::poll_fn;
use std::pin::pin;
use std::sync::Arc;

use super::runtime::ready_set::full_word;
use super::runtime::witness;
use super::{Decision, Divergence};

/// Who can go next: an actor that has been woken, or a runtime that has a task to poll.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Runnable {
    /// The actor of this number, from 0.
    Actor(usize),
    /// The runtime of this number, from 0.
    Runtime(usize),
}

impl Runnable {
    /// The plain decision that lets this runnable go.
    #[must_use]
    pub fn decision(self) -> Decision {
        match self {
            Self::Actor(actor) => Decision::Run { actor },
            Self::Runtime(runtime) => Decision::Step { runtime },
        }
    }

    /// Gives the task that this future is spawned as a name, which a report uses for it.
    ///
    /// A task that is spawned within a span of [`tracing`], by `.instrument(span)`, has the span's name without it.
    ///
    /// ```
    /// # tokio::runtime::Builder::new_current_thread().build().unwrap().block_on(async {
    /// use ssot_harness::interleave::Runnable;
    ///
    /// let indexer = tokio::spawn(Runnable::named("indexer", async { 7 }));
    /// assert_eq!(indexer.await.unwrap(), 7);
    /// # });
    /// ```
    pub fn named<F: Future>(
        name: impl Into<Cow<'static, str>>,
        future: F,
    ) -> impl Future<Output = F::Output> {
        let name: Arc<str> = name.into().into();
        async move {
            let mut future = pin!(future);
            poll_fn(|cx| {
                witness::polls_named(&name);
                future.as_mut().poll(cx)
            })
            .await
        }
    }

    /// Who goes by this decision, where somebody does.
    #[must_use]
    pub fn of(decision: Decision) -> Option<Self> {
        match decision {
            Decision::Run { actor } | Decision::RunWithin { actor, .. } => Some(Self::Actor(actor)),
            Decision::Step { runtime } => Some(Self::Runtime(runtime)),
            Decision::Advance { .. } | Decision::Pass { .. } | Decision::Drop { .. } => None,
        }
    }
}

/// The runnables of one decision, in buffers that are used again. Sets of actors have a bit for each.
#[derive(Debug, Default)]
pub(crate) struct Runnables {
    pub(crate) actors: Vec<u64>,
    /// Who has not ended.
    pub(crate) unfinished: Vec<u64>,
    /// Who has been polled at least once.
    pub(crate) begun: Vec<u64>,
    pub(crate) actor_count: usize,
    /// In ascending order.
    pub(crate) runtimes: Vec<usize>,
    /// Those of `runtimes` that may turn out to have no task.
    pub(crate) unknown: Vec<usize>,
}

impl Runnables {
    /// So many actors, none of whom has begun.
    pub(crate) fn begin(&mut self, actors: usize) {
        let words = actors.div_ceil(64);
        self.unfinished.clear();
        self.unfinished
            .extend((0..words).map(|word| full_word(actors, word)));
        self.begun.clear();
        self.begun.resize(words, 0);
        self.actors.clear();
        self.actors.resize(words, 0);
    }

    pub(crate) fn contains(&self, runnable: Runnable) -> bool {
        match runnable {
            Runnable::Actor(actor) => is_set(&self.actors, actor),
            Runnable::Runtime(runtime) => self.runtimes.contains(&runtime),
        }
    }
}

/// What a [`Strategy`](super::Strategy) sees when it has to decide.
#[derive(Debug)]
pub struct View<'a> {
    pub(crate) runnables: &'a Runnables,
    pub(crate) step: usize,
    pub(crate) last: Option<Runnable>,
    pub(crate) polls: &'a [u32],
    pub(crate) drops: u32,
    pub(crate) clock: bool,
    /// Whether the clock may move although somebody can run.
    pub(crate) pass: bool,
    /// Whether something outside may wake yet who should run: the one that waits for it, or whoever comes after what does not fit.
    pub(crate) waits_for_outside: bool,
}

impl View<'_> {
    /// How many decisions have been made before this one.
    #[must_use]
    pub fn step(&self) -> usize {
        self.step
    }

    /// Whether the clock may move now: everybody who has begun waits. Where there are runnables all the same, they
    /// are actors who have not begun, and the clock does not wait for them.
    #[must_use]
    pub fn clock(&self) -> bool {
        self.clock || self.count() == 0
    }

    /// How many runnables there are. 0 means that only the clock can move.
    #[must_use]
    pub fn count(&self) -> usize {
        self.runnables.actor_count + self.runnables.runtimes.len()
    }

    /// The runnable of this number, below [`count`](Self::count): actors first, in order.
    ///
    /// # Panics
    ///
    /// Where `index` is not below `count`.
    #[must_use]
    pub fn nth(&self, index: usize) -> Runnable {
        if index >= self.runnables.actor_count {
            return Runnable::Runtime(self.runnables.runtimes[index - self.runnables.actor_count]);
        }
        let mut rest = index;
        for (number, &word) in self.runnables.actors.iter().enumerate() {
            let ones = word.count_ones() as usize;
            if rest < ones {
                return Runnable::Actor(number * 64 + nth_bit(word, rest));
            }
            rest -= ones;
        }
        unreachable!("`actor_count` is the number of bits set")
    }

    /// Every runnable: actors first, in order.
    pub fn iter(&self) -> impl Iterator<Item = Runnable> + '_ {
        bits(&self.runnables.actors)
            .map(Runnable::Actor)
            .chain(self.runnables.runtimes.iter().copied().map(Runnable::Runtime))
    }

    /// True where this one can go.
    #[must_use]
    pub fn contains(&self, runnable: Runnable) -> bool {
        self.runnables.contains(runnable)
    }

    /// Who went last, if it can run: letting anybody else go now is a preemption.
    #[must_use]
    pub fn last(&self) -> Option<Runnable> {
        self.last.filter(|&last| self.contains(last))
    }

    /// A runtime of which only trying will tell whether it has a task.
    pub(crate) fn unknown(&self) -> Option<usize> {
        self.runnables.unknown.first().copied()
    }

    /// Whether a decision can be carried out here and now.
    pub(crate) fn allows(&self, decision: Decision) -> bool {
        match decision {
            Decision::Run { actor } | Decision::RunWithin { actor, .. } => {
                self.contains(Runnable::Actor(actor))
            }
            Decision::Step { runtime } => self.contains(Runnable::Runtime(runtime)),
            Decision::Advance { .. } => self.clock(),
            Decision::Pass { .. } => self.pass,
            Decision::Drop { actor } => self.can_drop(actor),
        }
    }

    /// Why a decision cannot be carried out here and now.
    pub(crate) fn misfit(&self, decision: Decision) -> Divergence {
        let can: Vec<_> = self.iter().take(8).map(name).collect();
        let can = if can.is_empty() {
            "only the clock can move".to_owned()
        } else {
            format!("{} can run", can.join(", "))
        };
        let wanted = match decision {
            Decision::Run { actor } | Decision::RunWithin { actor, .. } => match self.polls.len() {
                n if actor >= n => format!("it names user {} of {n}", actor + 1),
                _ if !is_set(&self.runnables.unfinished, actor) => {
                    format!("user {} has already ended", actor + 1)
                }
                _ => format!("user {} waits and cannot run", actor + 1),
            },
            Decision::Step { runtime } => format!("runtime {runtime} has no task to poll"),
            Decision::Advance { .. } => "the clock moves only when everybody who has begun waits".to_owned(),
            Decision::Pass { .. } => {
                "the clock moves past runnables only in the fair end of an execution".to_owned()
            }
            Decision::Drop { actor } => match self.polls.len() {
                n if actor >= n => format!("it drops a call of user {} of {n}", actor + 1),
                _ if self.drops == 0 => format!("it drops user {}, and no more drops are allowed", actor + 1),
                _ => format!("user {} has no call in flight to drop", actor + 1),
            },
        };
        Divergence {
            step: self.step + 1,
            reason: format!("{wanted}; {can}"),
        }
    }

    /// How often an actor has been polled.
    #[must_use]
    pub fn polls(&self, actor: usize) -> u32 {
        self.polls[actor]
    }

    /// Whether a runnable has gone before; a runtime always has.
    #[must_use]
    pub fn has_begun(&self, runnable: Runnable) -> bool {
        match runnable {
            Runnable::Actor(actor) => self.polls[actor] > 0,
            Runnable::Runtime(_) => true,
        }
    }

    /// The first runnable that has gone before.
    pub(crate) fn first_begun(&self) -> Option<Runnable> {
        let mut words = self
            .runnables
            .actors
            .iter()
            .zip(&self.runnables.begun)
            .enumerate();
        let first = |(number, (actors, begun)): (usize, (&u64, &u64))| {
            let word = actors & begun;
            (word != 0).then(|| Runnable::Actor(number * 64 + word.trailing_zeros() as usize))
        };
        let runtime = || self.runnables.runtimes.first().copied().map(Runnable::Runtime);
        words.find_map(first).or_else(runtime)
    }

    /// The actors whose call in flight may be dropped now: begun, not finished; none where the execution has had
    /// its share of drops.
    pub fn droppable(&self) -> impl Iterator<Item = usize> + '_ {
        let among = if self.drops > 0 {
            &self.runnables.unfinished[..]
        } else {
            &[]
        };
        bits(among).filter(|&actor| self.polls[actor] > 0)
    }

    /// True where this actor is among the [`droppable`](Self::droppable).
    #[must_use]
    pub fn can_drop(&self, actor: usize) -> bool {
        self.drops > 0 && is_set(&self.runnables.unfinished, actor) && self.polls[actor] > 0
    }
}

fn name(runnable: Runnable) -> String {
    match runnable {
        Runnable::Actor(actor) => format!("user {}", actor + 1),
        Runnable::Runtime(runtime) => format!("runtime {runtime}"),
    }
}

pub(crate) fn is_set(words: &[u64], bit: usize) -> bool {
    words
        .get(bit / 64)
        .is_some_and(|word| word >> (bit % 64) & 1 == 1)
}

/// The place of the bit that is the `nth` of those set, from 0, of more.
pub(crate) fn nth_bit(mut word: u64, nth: usize) -> usize {
    for _ in 0..nth {
        word &= word - 1;
    }
    word.trailing_zeros() as usize
}

pub(crate) fn bits(words: &[u64]) -> impl Iterator<Item = usize> + '_ {
    words.iter().enumerate().flat_map(|(number, &word)| {
        std::iter::successors(Some(word), |rest| Some(rest & rest.wrapping_sub(1)))
            .take_while(|&rest| rest != 0)
            .map(move |rest| number * 64 + rest.trailing_zeros() as usize)
    })
}
