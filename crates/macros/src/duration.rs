/// A length of time as a test gives it, in milliseconds: `500ms`, `10s`, `2m`, `1h`, `1m30s`.
///
/// Units come from the longest to the shortest, each at most once. `None` where the text is no such length, or none
/// that fits.
pub(crate) fn milliseconds(text: &str) -> Option<u64> {
    const UNITS: [(&str, u64); 4] = [("h", 3_600_000), ("m", 60_000), ("s", 1_000), ("ms", 1)];
    let mut rest = text;
    let mut units = UNITS.as_slice();
    let mut total = 0_u64;
    while !rest.is_empty() {
        let (number, after) = split(rest, |c| c.is_ascii_digit());
        let (unit, after) = split(after, |c| !c.is_ascii_digit());
        let index = units.iter().position(|(name, _)| *name == unit)?;
        total = number
            .parse::<u64>()
            .ok()?
            .checked_mul(units[index].1)?
            .checked_add(total)?;
        units = &units[index + 1..];
        rest = after;
    }
    (!text.is_empty()).then_some(total)
}

/// The characters at the front that are `within`, and the others.
fn split(text: &str, within: impl Fn(char) -> bool) -> (&str, &str) {
    text.split_at(text.find(|c| !within(c)).unwrap_or(text.len()))
}

#[cfg(test)]
mod tests {
    use super::milliseconds;

    #[test]
    fn units_add_up() {
        let lengths = [
            ("500ms", 500),
            ("10s", 10_000),
            ("2m", 120_000),
            ("1h", 3_600_000),
            ("1m30s", 90_000),
            ("1h2m3s4ms", 3_723_004),
            ("0s", 0),
        ];
        for (text, length) in lengths {
            assert_eq!(milliseconds(text), Some(length), "{text}");
        }
    }

    #[test]
    fn what_is_no_length_of_time_is_none() {
        let others = [
            "",
            "10",
            "s",
            "10 s",
            " 10s",
            "-1s",
            "1.5s",
            "10sec",
            "30s1m",
            "1s1s",
            "1ms1s",
            "١s",
            "99999999999999999999s",
            "9999999999999999h",
        ];
        for text in others {
            assert_eq!(milliseconds(text), None, "{text}");
        }
    }
}
