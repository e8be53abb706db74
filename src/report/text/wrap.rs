use console::measure_text_width;
use textwrap::core::Fragment;
use textwrap::wrap_algorithms::wrap_first_fit;

use super::escaping::{escaped, fitting};

/// Breaks a text at its spaces into lines, the first of at most `first` columns and the others of at most `width`. A
/// word that is wider than a line is broken within. Never empty; escaped.
pub(super) fn wrapped(text: &str, first: usize, width: usize) -> Vec<String> {
    let (first, width) = (first.max(1), width.max(1));
    let mut pieces = Vec::new();
    for word in text.split_whitespace() {
        let word = escaped(word);
        let is_wider_than_a_line = measure_text_width(&word) > width;
        if pieces.is_empty() && !is_wider_than_a_line && measure_text_width(&word) > first {
            // It has a line of its own, and so the first line is empty.
            pieces.push(Piece::of("", ""));
        }
        let mut rest = word.as_str();
        while !rest.is_empty() {
            let line = if pieces.is_empty() && is_wider_than_a_line {
                first
            } else {
                width
            };
            let (head, tail) = rest.split_at(fitting(rest, line));
            pieces.push(Piece::of(head, if tail.is_empty() { " " } else { "" }));
            rest = tail;
        }
    }
    let lines = wrap_first_fit(&pieces, &[first, width].map(columns));
    lines.into_iter().map(line).collect()
}

/// A word, or a part of one that is wider than a line. Its width is the terminal's: textwrap's own words add up what their
/// characters are wide, and so take an emoji of several for wider or narrower than it is.
#[derive(Debug)]
struct Piece {
    text: String,
    width: usize,
    space: &'static str,
}

impl Piece {
    fn of(text: &str, space: &'static str) -> Self {
        Self {
            width: measure_text_width(text),
            text: text.to_owned(),
            space,
        }
    }
}

impl Fragment for Piece {
    fn width(&self) -> f64 {
        columns(self.width)
    }

    fn whitespace_width(&self) -> f64 {
        columns(self.space.len())
    }

    fn penalty_width(&self) -> f64 {
        0.0
    }
}

fn columns(width: usize) -> f64 {
    u32::try_from(width).map_or(f64::MAX, f64::from)
}

fn line(pieces: &[Piece]) -> String {
    let mut line: String = pieces
        .iter()
        .flat_map(|piece| [&*piece.text, piece.space])
        .collect();
    line.truncate(line.trim_end_matches(' ').len());
    line
}

#[cfg(test)]
mod tests {
    use super::wrapped;

    #[test]
    fn text_breaks_at_spaces_and_long_words_within() {
        assert_eq!(wrapped("one two three", 7, 7), ["one two", "three"]);
        assert_eq!(wrapped("one two three", 3, 9), ["one", "two three"]);
        assert_eq!(wrapped("äöüäöüäöü x", 4, 4), ["äöüä", "öüäö", "ü x"]);
        assert_eq!(wrapped("a bcdefgh", 4, 4), ["a", "bcde", "fgh"]);
        assert_eq!(wrapped("a b c d", 5, 5), ["a b c", "d"]);
        assert_eq!(wrapped("", 4, 4), [""]);
        assert_eq!(wrapped("three four", 3, 9), ["", "three", "four"]);
        assert_eq!(wrapped("abcdefghi jk", 3, 5), ["abc", "defgh", "i jk"]);
    }

    /// As a terminal shows them: two columns each.
    #[test]
    fn wide_characters_take_two_columns() {
        assert_eq!(wrapped("顧客の 住所", 6, 6), ["顧客の", "住所"]);
        assert_eq!(wrapped("顧客の住所", 5, 5), ["顧客", "の住", "所"]);
        assert_eq!(wrapped("🦀🦀 🦀", 7, 7), ["🦀🦀 🦀"]);
        // One of several characters is one, and as wide as one.
        assert_eq!(
            wrapped("👩\u{200d}👩\u{200d}👧 x", 4, 4),
            ["👩\u{200d}👩\u{200d}👧 x"]
        );
        assert_eq!(
            wrapped("❤\u{fe0f}❤\u{fe0f}❤\u{fe0f}", 4, 4),
            ["❤\u{fe0f}❤\u{fe0f}", "❤\u{fe0f}"]
        );
        assert_eq!(wrapped("🦀", 1, 1), ["🦀"]);
    }
}
