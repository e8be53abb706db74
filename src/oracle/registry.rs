//! The oracles that judge an execution as a whole. A new one is a file and a line here.

use super::Oracle;
use super::hang::Hangs;
use super::invariant::Invariants;
use super::panic::Panics;
use super::residue::Residues;

pub(super) const REGISTRY: [&dyn Oracle; 4] = [&Panics, &Hangs, &Residues, &Invariants];
