use std::borrow::Cow;

use anstyle::{AnsiColor, Style};
use console::{Alignment, pad_str};

pub(crate) const GOOD: Style = AnsiColor::Green.on_default();
pub(crate) const EXPECTED: Style = AnsiColor::Yellow.on_default();
pub(crate) const BAD: Style = AnsiColor::Red.on_default().bold();
pub(crate) const ASIDE: Style = Style::new().dimmed();
pub(crate) const STRONG: Style = Style::new().bold();

/// Text in a style; `Output` takes colours away where there is no terminal.
pub(crate) fn styled(style: Style, text: &str) -> String {
    format!("{style}{text}{style:#}")
}

/// Text with spaces behind it up to a number of a terminal's columns, of which some characters take two or none.
pub(crate) fn padded(text: &str, columns: usize) -> Cow<'_, str> {
    pad_str(text, columns, Alignment::Left, None)
}

#[cfg(test)]
mod tests {
    use super::padded;

    #[test]
    fn wide_characters_take_two_columns() {
        assert_eq!(padded("ab", 6), "ab    ");
        assert_eq!(padded("住所", 6), "住所  ");
        assert_eq!(padded("🦀e\u{301}", 6), "🦀e\u{301}   ");
        assert_eq!(padded("住所", 3), "住所");
    }
}
