//! How wide a report is, and its colours.

use console::measure_text_width;

use super::checks::{PLAIN, found, passed, refused, violated};
use super::samples::every_sample;
use super::test_cases::everything;
use crate::report::Outcome;
use crate::report::text::{Style, written};

#[test]
fn no_line_is_wider_than_asked_for() {
    for width in (60..=160).step_by(7) {
        let style = Style {
            width,
            colours: false,
        };
        let texts = every_sample()
            .into_values()
            .map(|sample| found(sample, &style))
            .chain([
                written(Outcome::CheckFailed(&refused()), &style),
                written(Outcome::CheckPassed(&passed()), &style),
                written(Outcome::TestFailed(&everything()), &style),
            ]);
        for text in texts {
            // What is to be pasted, and what the code under test said, is not broken.
            let is_pasted = |line: &str| {
                ["SSOT_REPLAY=", "cargo test", ".replay(", "as it stands"]
                    .iter()
                    .any(|part| line.contains(part))
            };
            for line in text.lines().filter(|line| !is_pasted(line)) {
                assert!(
                    measure_text_width(line) <= width,
                    "wider than {width}: {line}\n{text}"
                );
            }
        }
    }
}

#[test]
fn colours_change_no_text() {
    let without_colours = |text: &str| {
        let mut parts = text.split('\u{1b}');
        let first = parts.next().unwrap_or_default().to_owned();
        parts.fold(first, |plain, part| {
            plain + part.split_once('m').map_or("", |(_, text)| text)
        })
    };
    for sample in every_sample().into_values() {
        let failure = violated(sample);
        let outcome = Outcome::CheckFailed(&failure);
        let coloured = written(
            outcome,
            &Style {
                colours: true,
                ..PLAIN
            },
        );
        assert_ne!(coloured, without_colours(&coloured));
        assert_eq!(without_colours(&coloured), written(outcome, &PLAIN));
    }
}
