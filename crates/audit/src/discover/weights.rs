//! How much a name says.

use crate::model::Model;
use crate::name::{Map, Name};

/// In a workspace of three types every name is in each third of them, which says nothing.
const SMALLEST: u32 = 200;

/// How often each member's name occurs, so that `new` and `len` weigh nothing.
#[derive(Debug, Default)]
pub(super) struct Weights {
    counts: Map<Name, u32>,
    all: u32,
}

impl Weights {
    /// Of the functions of all types and of the items of all modules.
    pub(super) fn of(model: &Model) -> Self {
        let mut weights = Self::default();
        for functions in model.impls.all_functions() {
            weights.all += 1;
            for name in functions {
                *weights.counts.entry(*name).or_default() += 1;
            }
        }
        for module in &model.modules {
            for name in module.names.keys() {
                *weights.counts.entry(*name).or_default() += 1;
            }
        }
        weights
    }

    /// Between 0 and 1: the rarer, the heavier (inverse document frequency).
    fn of_name(&self, name: Name) -> f64 {
        let count = f64::from(self.counts.get(&name).copied().unwrap_or(1));
        let all = f64::from(self.all.max(SMALLEST));
        // Squared, so that the methods of a trait that everything implements weigh next to nothing.
        ((all / count).ln() / all.ln()).clamp(0.0, 1.0).powi(2)
    }

    /// How many members two have in common, what share of the smaller one's weight that is, and the weight itself.
    pub(super) fn overlap(&self, one: &[Name], other: &[Name]) -> (usize, f64, f64) {
        let common: Vec<Name> = one.iter().filter(|name| other.contains(name)).copied().collect();
        let weight = |names: &[Name]| names.iter().map(|name| self.of_name(*name)).sum::<f64>();
        let smaller = weight(one).min(weight(other));
        let shared = weight(&common);
        (
            common.len(),
            if smaller > 0.0 { shared / smaller } else { 0.0 },
            shared,
        )
    }
}
