//! How one quantity grows with another: exponents.

/// The exponent of a power law through these points, by least squares in the logarithms. `None` where there are not
/// two sizes above zero.
#[must_use]
pub fn exponent(points: &[(f64, f64)]) -> Option<f64> {
    let logs = logs(points);
    let count = f64::from(u32::try_from(logs.len()).ok()?);
    let (x_mean, y_mean) = (
        logs.iter().map(|&(x, _)| x).sum::<f64>() / count,
        logs.iter().map(|&(_, y)| y).sum::<f64>() / count,
    );
    let spread: f64 = logs.iter().map(|&(x, _)| (x - x_mean).powi(2)).sum();
    let slope = logs
        .iter()
        .map(|&(x, y)| (x - x_mean) * (y - y_mean))
        .sum::<f64>()
        / spread;
    (logs.len() > 1 && slope.is_finite()).then_some(slope)
}

/// The exponent between each two neighbours, with the size at which it ends.
fn local_exponents(points: &[(f64, f64)]) -> Vec<(f64, f64)> {
    logs(points)
        .windows(2)
        .map(|pair| {
            let ((x, y), (next_x, next_y)) = (pair[0], pair[1]);
            (next_x.exp(), (next_y - y) / (next_x - x))
        })
        .collect()
}

/// The steepest of these, with the size at which it ends.
#[must_use]
pub fn steepest(points: &[(f64, f64)]) -> Option<(f64, f64)> {
    local_exponents(points)
        .into_iter()
        .max_by(|one, other| one.1.total_cmp(&other.1))
}

/// A size of zero has no logarithm.
fn logs(points: &[(f64, f64)]) -> Vec<(f64, f64)> {
    points
        .iter()
        .filter(|&&(x, y)| x > 0.0 && y > 0.0)
        .map(|&(x, y)| (x.ln(), y.ln()))
        .collect()
}

#[cfg(test)]
mod tests {
    use super::{exponent, steepest};

    fn is_near(left: f64, right: f64) -> bool {
        (left - right).abs() < 1e-9
    }

    #[test]
    fn a_power_law_has_its_exponent() {
        let points: Vec<_> = [0.0, 2.0, 3.0, 50.0, 1_000.0]
            .map(|x: f64| (x, 7.0 * x.powf(1.5) + if x == 0.0 { 9.0 } else { 0.0 }))
            .into();
        assert!(is_near(exponent(&points).unwrap(), 1.5));
        assert!(is_near(steepest(&points).unwrap().1, 1.5));
    }

    #[test]
    fn a_cliff_is_where_it_is() {
        let points = [(1.0, 5.0), (10.0, 50.0), (100.0, 40.0), (1_000.0, 4_000.0)];
        let (at, slope) = steepest(&points).unwrap();
        assert!(is_near(at, 1_000.0) && is_near(slope, 2.0));
    }

    #[test]
    fn one_size_grows_by_nothing_that_is_known() {
        assert_eq!(exponent(&[(0.0, 1.0), (3.0, 2.0)]), None);
        assert_eq!(steepest(&[(0.0, 1.0), (3.0, 2.0)]), None);
    }
}
