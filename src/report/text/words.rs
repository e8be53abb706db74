use std::time::Duration;

/// The number with its thousands apart: `1,234`.
pub(super) fn grouped(number: u64) -> String {
    grouped_in(&number.to_string())
}

/// The text with the thousands of every number in it apart.
pub(super) fn grouped_in(text: &str) -> String {
    let mut grouped = String::with_capacity(text.len());
    for part in text.split_inclusive(|character: char| !character.is_ascii_digit()) {
        let digits = part.bytes().take_while(u8::is_ascii_digit).count();
        for (at, character) in part.char_indices() {
            if at > 0 && at < digits && (digits - at).is_multiple_of(3) {
                grouped.push(',');
            }
            grouped.push(character);
        }
    }
    grouped
}

/// `1 step`, `1,234 steps`.
pub(super) fn counted(number: impl TryInto<u64>, noun: &str) -> String {
    let number = number.try_into().unwrap_or(u64::MAX);
    let plural = if number == 1 { "" } else { "s" };
    format!("{} {noun}{plural}", grouped(number))
}

/// `ada`, `ada and ben`, `ada, ben and cleo`; past `most`, how many more there are.
pub(super) fn listed(items: &[&str], most: usize) -> String {
    match items {
        [] => String::new(),
        [only] => (*only).to_owned(),
        [..] if items.len() > most => format!("{} and {} more", items[..most].join(", "), items.len() - most),
        [rest @ .., last] => format!("{} and {last}", rest.join(", ")),
    }
}

/// `3.1 ms`, `0.41 s`.
pub(super) fn elapsed(time: Duration) -> String {
    if time < Duration::from_millis(10) {
        format!("{:.1} ms", time.as_secs_f64() * 1_000.0)
    } else {
        format!("{:.2} s", time.as_secs_f64())
    }
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use super::{counted, elapsed, grouped, grouped_in, listed};

    #[test]
    fn numbers_have_their_thousands_apart() {
        assert_eq!(grouped(0), "0");
        assert_eq!(grouped(999), "999");
        assert_eq!(grouped(1_000), "1,000");
        assert_eq!(grouped(12_345_678), "12,345,678");
        assert_eq!(
            grouped_in("at most 2: 48620; and 1234"),
            "at most 2: 48,620; and 1,234"
        );
    }

    #[test]
    fn counts_agree_with_their_nouns() {
        assert_eq!(counted(1_u32, "step"), "1 step");
        assert_eq!(counted(0_u32, "step"), "0 steps");
        assert_eq!(counted(5_000_usize, "step"), "5,000 steps");
    }

    #[test]
    fn a_list_ends_in_how_many_more_there_are() {
        assert_eq!(listed(&["ada"], 3), "ada");
        assert_eq!(listed(&["ada", "ben", "cleo"], 3), "ada, ben and cleo");
        assert_eq!(listed(&["ada", "ben", "cleo", "dan"], 2), "ada, ben and 2 more");
    }

    #[test]
    fn short_times_are_told_in_milliseconds() {
        assert_eq!(elapsed(Duration::from_micros(3_140)), "3.1 ms");
        assert_eq!(elapsed(Duration::from_millis(412)), "0.41 s");
    }
}
