//! This crate against its peers, in ratios.

use crate::measured::{Cost, Measured, as_f64};

/// How many times as much a peer spends, `ours` being 1.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Ratio {
    /// How many times.
    pub times: f64,
    /// Whether it is only known to be at least as many.
    pub is_least: bool,
}

/// What a peer spends on a leak against what this crate does. `None` where one of them did not search, and where this
/// crate found nothing.
#[must_use]
pub fn ratio(ours: Option<Cost>, theirs: Option<Cost>) -> Option<Ratio> {
    let (ours, theirs) = (ours?, theirs?);
    (!ours.is_least).then(|| Ratio {
        times: theirs.amount / ours.amount,
        is_least: theirs.is_least,
    })
}

/// The geometric mean of a peer's ratios over the shapes that both searched.
#[must_use]
pub fn mean_ratio(
    ours: &[Measured],
    theirs: &[Measured],
    cost: impl Fn(&Measured) -> Option<Cost>,
) -> Option<Ratio> {
    let ratios: Vec<Ratio> = theirs
        .iter()
        .filter_map(|theirs| ratio(cost(on(ours, &theirs.shape)?), cost(theirs)))
        .collect();
    let count = as_f64(ratios.len() as u64);
    (!ratios.is_empty()).then(|| Ratio {
        times: (ratios.iter().map(|ratio| ratio.times.ln()).sum::<f64>() / count).exp(),
        is_least: ratios.iter().any(|ratio| ratio.is_least),
    })
}

/// What was measured on a shape.
#[must_use]
pub fn on<'m>(measured: &'m [Measured], shape: &str) -> Option<&'m Measured> {
    measured.iter().find(|measured| measured.shape == shape)
}
