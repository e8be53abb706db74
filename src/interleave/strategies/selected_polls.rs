use crate::interleave::runnables::{bits, is_set};
use crate::interleave::runtime::ready_set::full_word;
use crate::interleave::strategy::Marks;
use crate::interleave::{Runnable, Shape, View};
use crate::rng::Rng;

/// Where a stretch may lie, from the first poll to the last.
const PLACES: usize = 1 << 16;

/// The polls of actors that a selective walk interleaves evenly, and which of them are left. A decision costs the same for a few actors
/// and for sixty.
#[derive(Clone, Debug, Default)]
pub(super) struct SelectedPolls {
    /// Of each actor, the selected polls: from the one of this number, up to and without that.
    pub(super) selected: Vec<(u32, u32)>,
    /// How many of them are left to each actor, and to each 64 together.
    left: Vec<u32>,
    left_of_64: Vec<usize>,
    /// The actors whose next poll is selected, a bit each.
    pub(super) next: Vec<u64>,
    /// Who had not ended when it was looked last.
    unfinished: Vec<u64>,
}

impl SelectedPolls {
    /// Draws a stretch of the polls of each actor: of any length and place, or around a mark.
    pub(super) fn draw(&mut self, shape: &Shape, marks: &Marks, rng: &mut Rng) {
        self.selected.clear();
        // A stretch as long as the whole, half of it, a quarter and so on.
        let longest = shape.polls.iter().copied().max().unwrap_or(1).max(1);
        let halvings = if rng.one_in(4) {
            0
        } else {
            rng.below(longest.ilog2() as usize + 1)
        };
        let place = rng.below(PLACES);
        let by_marks = rng.one_in(2);
        for (actor, &polls) in shape.polls.iter().enumerate() {
            let length = (polls >> halvings).max(2).min(polls);
            let marks = marks.get(actor).map_or(&[][..], Vec::as_slice);
            let first = if by_marks && !marks.is_empty() {
                // The same for users who do the same.
                let mark = marks[place * marks.len() / PLACES];
                let before = u32::try_from(rng.below(length as usize + 1)).unwrap_or(0);
                mark.saturating_sub(before)
            } else {
                let room = u64::from(polls - length + 1);
                u32::try_from(place as u64 * room / PLACES as u64).unwrap_or(0)
            };
            self.selected.push((first, first + length));
        }
        self.begin();
    }

    /// Nobody has been polled yet.
    fn begin(&mut self) {
        let words = self.selected.len().div_ceil(64);
        self.left.clear();
        self.left.resize(self.selected.len(), 0);
        self.left_of_64.clear();
        self.left_of_64.resize(words, 0);
        self.next.clear();
        self.next.resize(words, 0);
        self.unfinished.clear();
        self.unfinished
            .extend((0..words).map(|word| full_word(self.selected.len(), word)));
        for actor in 0..self.selected.len() {
            self.note_polls(actor, 0);
        }
    }

    /// Selects these instead of what was drawn.
    #[cfg(test)]
    pub(super) fn select(&mut self, polls: &[(u32, u32)]) {
        self.selected = polls.to_vec();
        self.begin();
    }

    /// Takes down that an actor has been polled so often.
    fn note_polls(&mut self, actor: usize, polls: u32) {
        if let Some(&(first, end)) = self.selected.get(actor) {
            self.note_left(actor, end.saturating_sub(polls.max(first)), polls >= first);
        }
    }

    fn note_left(&mut self, actor: usize, left: u32, has_begun: bool) {
        let before = std::mem::replace(&mut self.left[actor], left);
        let sum = &mut self.left_of_64[actor / 64];
        *sum = *sum + left as usize - before as usize;
        let bit = 1 << (actor % 64);
        if has_begun && left > 0 {
            self.next[actor / 64] |= bit;
        } else {
            self.next[actor / 64] &= !bit;
        }
    }

    /// Takes down what has changed since the last decision: who was polled, and who has ended.
    pub(super) fn look(&mut self, view: &View<'_>) {
        for word in 0..self.unfinished.len() {
            let now = view.runnables.unfinished.get(word).copied().unwrap_or_default();
            let ended = self.unfinished[word] & !now;
            self.unfinished[word] &= now;
            for bit in bits(&[ended]) {
                self.note_left(word * 64 + bit, 0, false);
            }
        }
        if let Some(Runnable::Actor(last)) = view.last
            && is_set(&self.unfinished, last)
        {
            self.note_polls(last, view.polls(last));
        }
    }

    /// How long the longest stretch is.
    pub(super) fn longest(&self) -> u32 {
        self.selected
            .iter()
            .map(|(first, end)| end - first)
            .max()
            .unwrap_or(1)
    }

    /// How many selected polls are left to this actor.
    pub(super) fn left(&self, actor: usize) -> u32 {
        self.left[actor]
    }

    /// How many are left to all together.
    pub(super) fn all_left(&self) -> usize {
        self.left_of_64.iter().sum()
    }

    /// Whose the one of this number is, of all that are left, from 0.
    pub(super) fn whose(&self, mut number: usize) -> usize {
        let mut word = 0;
        while number >= self.left_of_64[word] {
            number -= self.left_of_64[word];
            word += 1;
        }
        let mut actor = word * 64;
        while number >= self.left[actor] as usize {
            number -= self.left[actor] as usize;
            actor += 1;
        }
        actor
    }
}

#[cfg(test)]
mod tests {
    use super::SelectedPolls;
    use crate::interleave::runnables::Runnables;
    use crate::interleave::{Runnable, View};

    /// Seventy actors, who have been polled so often, after `last` was; `ended` has ended.
    fn look(selected: &mut SelectedPolls, polls: &[u32], last: usize, ended: Option<usize>) {
        let mut runnables = Runnables::default();
        runnables.begin(polls.len());
        if let Some(ended) = ended {
            runnables.unfinished[ended / 64] &= !(1 << (ended % 64));
        }
        selected.look(&View {
            runnables: &runnables,
            step: 0,
            last: Some(Runnable::Actor(last)),
            polls,
            drops: 0,
            clock: false,
            pass: false,
            waits_for_outside: false,
        });
    }

    #[test]
    fn what_is_left_follows_polls_and_ends() {
        let mut selected = SelectedPolls::default();
        selected.select(&[(1, 4); 70]);
        let mut polls = vec![0; 70];
        assert_eq!((selected.all_left(), &selected.next[..]), (210, &[0, 0][..]));
        polls[65] = 1;
        look(&mut selected, &polls, 65, None);
        assert_eq!((selected.all_left(), &selected.next[..]), (210, &[0, 0b10][..]));
        polls[65] = 3;
        look(&mut selected, &polls, 65, None);
        assert_eq!((selected.left(65), selected.all_left()), (1, 208));
        // Those before actor 65 have three each, and it has one.
        assert_eq!(
            [0, 2, 3, 194, 195, 196, 207].map(|number| selected.whose(number)),
            [0, 0, 1, 64, 65, 66, 69]
        );
        polls[65] = 4;
        look(&mut selected, &polls, 65, None);
        assert_eq!((selected.left(65), &selected.next[..]), (0, &[0, 0][..]));
    }

    /// It stays the last that was polled while the clock moves.
    #[test]
    fn nothing_is_left_to_one_who_has_ended() {
        let mut selected = SelectedPolls::default();
        selected.select(&[(0, 4); 70]);
        let mut polls = vec![0; 70];
        polls[3] = 1;
        for _ in 0..2 {
            look(&mut selected, &polls, 3, Some(3));
            assert_eq!((selected.left(3), selected.all_left()), (0, 276));
            assert_eq!(selected.next[0] & 0b1000, 0);
        }
    }
}
