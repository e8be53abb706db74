use crate::interleave::strategy::Marks;
use crate::interleave::{Decision, Divergence, Run, Runnable, RuntimeTopology, Shape, Strategy, View};
use crate::rng::Rng;

/// What a [`Perturbed`] adds to another strategy's decisions.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) struct Perturbation {
    /// Await budgets, so that ready awaits can be interrupted.
    pub(crate) budgets: bool,
    /// Dropped calls, from one to as many as an execution may have.
    pub(crate) drop: bool,
    /// Late timers, by at most this many milliseconds.
    pub(crate) late: u16,
}

/// Another strategy's decisions, with await budgets, dropped calls and late timers mixed in.
#[derive(Debug)]
pub struct Perturbed<S> {
    base: S,
    seed: u64,
    execution: u64,
    rng: Rng,
    perturbation: Perturbation,
    /// Whose calls to drop, and after how many of its polls.
    victims: Vec<(usize, u32)>,
}

impl<S: Strategy> Perturbed<S> {
    /// Mixes all three in, with timers late by at most `late` milliseconds.
    pub fn new(base: S, seed: u64, late: u16) -> Self {
        Self::with(
            base,
            seed,
            Perturbation {
                budgets: true,
                drop: true,
                late,
            },
        )
    }

    /// Mixes nothing in but timers that are late by at most so many milliseconds.
    pub(crate) fn late(base: S, seed: u64, late: u16) -> Self {
        Self::with(
            base,
            seed,
            Perturbation {
                late,
                ..Perturbation::default()
            },
        )
    }

    pub(crate) fn with(base: S, seed: u64, perturbation: Perturbation) -> Self {
        Self {
            base,
            seed,
            execution: 0,
            rng: Rng::split(seed, 0),
            perturbation,
            victims: Vec::new(),
        }
    }
}

impl<S: Strategy> Strategy for Perturbed<S> {
    fn name(&self) -> String {
        let mut name = self.base.name();
        for (on, word) in [
            (self.perturbation.budgets, "budgets"),
            (self.perturbation.drop, "a drop"),
            (self.perturbation.late > 0, "late timers"),
        ] {
            if on {
                name.push_str(" + ");
                name.push_str(word);
            }
        }
        name
    }

    fn base_name(&self) -> String {
        self.base.base_name()
    }

    fn hear_marks(&mut self, marks: &Marks) {
        self.base.hear_marks(marks);
    }

    fn begin(&mut self, shape: &Shape) -> bool {
        self.execution += 1;
        self.rng = Rng::split(self.seed ^ 0x6d69_7865_6421, self.execution);
        self.victims.clear();
        let actors = shape.polls.len();
        if self.perturbation.drop && shape.drops > 0 && actors > 0 {
            // Nothing is drawn where there is no choice: what a seed finds with one drop stays what it was.
            let drops = match shape.drops as usize {
                1 => 1,
                most => 1 + self.rng.below(most),
            };
            for _ in 0..drops {
                let victim = self.rng.below(actors);
                // Its last poll finishes it: a call can be in flight only after one of those before.
                let awaits = shape.polls[victim].saturating_sub(1).max(1) as usize;
                let polls = u32::try_from(1 + self.rng.below(awaits)).unwrap_or(1);
                self.victims.push((victim, polls));
            }
        }
        self.base.begin(shape)
    }

    fn decide(&mut self, view: &View<'_>) -> Result<Decision, Divergence> {
        let ripe = self
            .victims
            .iter()
            .position(|&(victim, polls)| view.can_drop(victim) && view.polls(victim) >= polls);
        if let Some(ripe) = ripe
            && self.rng.one_in(2)
        {
            let (actor, _) = self.victims.swap_remove(ripe);
            return Ok(Decision::Drop { actor });
        }
        Ok(match self.base.decide(view)? {
            Decision::Run { actor } if self.perturbation.budgets && self.rng.one_in(3) => {
                debug_assert!(
                    view.contains(Runnable::Actor(actor)),
                    "the base strategy chose among the candidates"
                );
                Decision::RunWithin {
                    actor,
                    budget: u8::try_from(self.rng.below(4)).unwrap_or(0),
                }
            }
            Decision::Advance { late: 0 } if self.perturbation.late > 0 && self.rng.one_in(2) => {
                let late = 1 + self.rng.below(usize::from(self.perturbation.late));
                Decision::Advance {
                    late: u16::try_from(late).unwrap_or(self.perturbation.late),
                }
            }
            decision => decision,
        })
    }

    fn end(&mut self, run: &Run) {
        self.base.end(run);
    }

    fn layout(&self) -> Option<RuntimeTopology> {
        self.base.layout()
    }
}

#[cfg(test)]
mod tests {
    use super::Perturbed;
    use crate::interleave::{Pct, Strategy as _};

    #[test]
    fn the_base_of_a_mixture_is_what_it_is_mixed_into() {
        let mixture = Perturbed::late(Perturbed::new(Pct::new(1, 3), 1, 10), 1, 10);
        assert_eq!(
            mixture.name(),
            "pct(3) + budgets + a drop + late timers + late timers"
        );
        assert_eq!(mixture.base_name(), "pct(3)");
    }
}
