use std::collections::HashMap;
use std::collections::hash_map::Entry;

use crate::report::Unseen;

/// How many executions are sampled before an estimate may end the search.
///
/// This and [`ONE_IN`] were chosen by the shapes of `benches/shapes`, with 31 seeds each: no leak that 4,000 executions find came after the
/// estimate had fallen below 6.3 % of at least 300 samples; of at least 100, it was 1.4 %.
const FEWEST: u64 = 300;

/// The search may stop where the next execution shows something new with a probability of at most one in so many.
const ONE_IN: u64 = 30;

/// How many behaviours are told apart.
const MOST: usize = 1 << 20;

/// The behaviours that executions have shown, and how likely the next one is to show another.
///
/// Behaviour: what every user saw, and who woke whom in which order. Of what is left to chance, each execution is a sample; what shows
/// in no other execution than one sample is what would be missed without it. The share of such samples estimates the probability that
/// the next shows what none has shown (I. J. Good, "The population frequencies of species and the estimation of population parameters",
/// Biometrika 1953; Marcel Böhme, "STADS: Software testing as species discovery", TOSEM 2018).
#[derive(Debug, Default)]
pub(super) struct Behaviours {
    /// Whether each was seen just once, and by a sample.
    seen: HashMap<u64, bool>,
    samples: u64,
    /// How many were seen just once, and by a sample.
    once: u64,
    executions: u64,
    /// How many there were after 1, 2, 4, 8 executions.
    curve: Vec<(u64, u64)>,
    /// There were too many to tell apart.
    is_cut: bool,
}

impl Behaviours {
    /// Takes down what an execution showed.
    pub(super) fn note(&mut self, behaviour: u64, is_sample: bool) {
        self.executions += 1;
        self.samples += u64::from(is_sample);
        self.is_cut |= self.seen.len() >= MOST;
        if !self.is_cut {
            match self.seen.entry(behaviour) {
                Entry::Vacant(entry) => {
                    entry.insert(is_sample);
                    self.once += u64::from(is_sample);
                }
                Entry::Occupied(mut entry) => self.once -= u64::from(entry.insert(false)),
            }
        }
        if self.executions.is_power_of_two() {
            self.curve.push((self.executions, self.seen.len() as u64));
        }
    }

    /// Whether the next execution is unlikely to show something new. One more sample is counted among those that did than there were, for
    /// the very next may be one.
    pub(super) fn are_seen(&self) -> bool {
        !self.is_cut && self.samples >= FEWEST && (self.once + 1) * ONE_IN <= self.samples
    }

    /// What is known of those that were not seen; `None` where nothing was left to chance, or too much was seen.
    pub(super) fn unseen(&self) -> Option<Unseen> {
        let is_known = self.samples > 0 && !self.is_cut;
        is_known.then(|| {
            let mut curve = self.curve.clone();
            let last = (self.executions, self.seen.len() as u64);
            if curve.last() != Some(&last) {
                curve.push(last);
            }
            Unseen {
                behaviours: self.seen.len() as u64,
                once: self.once,
                samples: self.samples,
                curve,
            }
        })
    }
}

#[cfg(test)]
mod tests {
    use super::Behaviours;
    use crate::rng::Rng;

    fn of(shown: impl IntoIterator<Item = (u64, bool)>) -> Behaviours {
        let mut behaviours = Behaviours::default();
        for (behaviour, is_sample) in shown {
            behaviours.note(behaviour, is_sample);
        }
        behaviours
    }

    #[test]
    fn what_only_one_sample_showed_counts_as_unseen_without_it() {
        let unseen = of([(1, true), (2, true), (2, true), (3, false), (4, false), (4, true)]).unseen();
        let unseen = unseen.unwrap();
        assert_eq!((unseen.behaviours, unseen.once, unseen.samples), (4, 1, 4));
        assert_eq!(unseen.curve, [(1, 1), (2, 2), (4, 3), (6, 4)]);
        assert!(of([(1, false)]).unseen().is_none(), "nothing was left to chance");
    }

    #[test]
    fn a_search_stops_where_little_is_unseen_and_not_before_it_looked() {
        let repeated = |times: u64, new: u64| {
            of((0..times)
                .map(|_| (0, true))
                .chain((1..=new).map(|new| (new, true))))
        };
        assert!(!repeated(299, 0).are_seen(), "too few");
        assert!(repeated(300, 0).are_seen());
        assert!(repeated(381, 12).are_seen(), "13 of 393");
        assert!(!repeated(300, 10).are_seen(), "11 of 310");
        assert!(
            !of((0..500).map(|_| (7, false))).are_seen(),
            "none of them left to chance"
        );
        assert!(!of((0..5_000).map(|behaviour| (behaviour, true))).are_seen());
    }

    /// Behaviours as probable as 1/2, 1/4, 1/8 and so on: what is unseen is known.
    #[test]
    fn the_estimate_is_near_the_truth() {
        let mut rng = Rng::split(1, 0);
        for samples in [50_u32, 200, 1_000] {
            let (mut estimated, mut true_mass) = (0.0, 0.0);
            let rounds = 200;
            for _ in 0..rounds {
                let shown: Vec<_> = (0..samples)
                    .map(|_| u64::from(rng.next().leading_zeros()))
                    .collect();
                let unseen = of(shown.iter().map(|&behaviour| (behaviour, true)))
                    .unseen()
                    .unwrap();
                estimated += unseen.probability();
                let mass = (0..64_u8).filter(|&behaviour| !shown.contains(&u64::from(behaviour)));
                true_mass += mass
                    .map(|behaviour| 0.5_f64.powi(i32::from(behaviour) + 1))
                    .sum::<f64>();
            }
            let (estimated, true_mass) = (estimated / f64::from(rounds), true_mass / f64::from(rounds));
            assert!(
                (estimated / true_mass - 1.0).abs() < 0.25,
                "{samples}: {estimated} for {true_mass}"
            );
        }
    }
}
