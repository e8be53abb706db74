use std::time::Duration;

/// How long a test may take, as it says itself.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Length {
    After(Duration),
    Off,
    /// No test is done in no time.
    Zero,
}

/// A length of time as a test gives it: `500ms`, `10s`, `1m30s`, `1h 30m`, or `off`. `None` where the text is no such length.
///
/// The same texts as `SSOT_TIMEOUT` takes: both have humantime read them, and both are tested with the table beside this file.
pub(crate) fn length(text: &str) -> Option<Length> {
    if text == "off" {
        return Some(Length::Off);
    }
    match humantime::parse_duration(text).ok()? {
        Duration::ZERO => Some(Length::Zero),
        time => Some(Length::After(time)),
    }
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use super::{Length, length};

    #[test]
    fn lengths_are_those_of_the_environment() {
        for (text, expected) in include!("duration_table.in") {
            let expected = match expected {
                Some(Some(time)) => Some(Length::After(Duration::from_nanos(time))),
                Some(None) => Some(Length::Off),
                None => None,
            };
            let found = length(text).filter(|length| *length != Length::Zero);
            assert_eq!(found, expected, "{text:?}");
        }
        assert_eq!(length("0s"), Some(Length::Zero));
    }
}
