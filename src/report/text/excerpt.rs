use std::ops::Range;

use console::measure_text_width;

use super::escaping::{escaped, fitting};
use super::page::{Line, Tone};

/// What stands for what was cut.
const CUT: &str = "…";

/// A text cut to fit, with the places in it that are shown.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct Excerpt {
    /// Stretches of text, each with whether it is marked.
    parts: Vec<(String, bool)>,
}

impl Excerpt {
    /// At most `width` columns of the text around these ranges of its bytes, ascending, or of its beginning.
    pub(super) fn of(text: &str, ranges: &[Range<usize>], width: usize) -> Self {
        let mut parts = Vec::new();
        let mut left = width;
        let mut end = None;
        for range in ranges {
            if left == 0 && !parts.is_empty() {
                break;
            }
            let gap = text.get(end.unwrap_or(range.start)..range.start);
            let (Some(gap), Some(marked)) = (gap, text.get(range.clone())) else {
                continue;
            };
            for (part, is_marked) in [(gap, false), (marked, true)] {
                let part = shortened(part, left);
                left -= measure_text_width(&part).min(left);
                parts.push((part, is_marked));
            }
            end = Some(range.end);
        }
        let Some((start, end)) = ranges.first().map(|range| range.start).zip(end) else {
            return Self {
                parts: vec![(shortened(text, width), false)],
            };
        };
        let (before, after) = (escaped(&text[..start]), escaped(&text[end..]));
        let need = (measure_text_width(&before), measure_text_width(&after));
        // What one side does not need, the other may have.
        let for_before = need.0.min((left / 2).max(left.saturating_sub(need.1)));
        parts.insert(0, (last_columns(&before, for_before), false));
        parts.push((first_columns(&after, left - for_before), false));
        Self { parts }
    }

    /// The line with the excerpt behind it.
    pub(super) fn written_to(&self, line: Line, tone: Tone) -> Line {
        self.parts.iter().fold(line, |line, (part, is_marked)| {
            line.and(if *is_marked { Tone::Wrong } else { tone }, part)
        })
    }

    /// A caret below each column that is marked, up to the last of them.
    pub(super) fn carets(&self) -> String {
        let carets: String = self
            .parts
            .iter()
            .map(|(part, is_marked)| if *is_marked { "^" } else { " " }.repeat(measure_text_width(part)))
            .collect();
        carets.trim_end().to_owned()
    }
}

/// At most `width` columns of the text's beginning, escaped.
pub(super) fn shortened(text: &str, width: usize) -> String {
    first_columns(&escaped(text), width)
}

fn first_columns(text: &str, width: usize) -> String {
    match width {
        _ if measure_text_width(text) <= width => text.to_owned(),
        0 => String::new(),
        1 => CUT.to_owned(),
        _ => format!("{}{CUT}", &text[..fitting(text, width - 1)]),
    }
}

fn last_columns(text: &str, width: usize) -> String {
    if measure_text_width(text) <= width {
        return text.to_owned();
    }
    if width == 0 {
        return String::new();
    }
    let ends = text.char_indices().rev().map(|(at, _)| &text[at..]);
    let end = ends
        .take_while(|end| measure_text_width(end) < width)
        .last()
        .unwrap_or_default();
    format!("{CUT}{end}")
}

#[cfg(test)]
mod tests {
    use console::measure_text_width;

    use super::{Excerpt, shortened};

    fn shown(excerpt: &Excerpt) -> String {
        let parts = excerpt.parts.iter();
        parts
            .map(|(part, is_marked)| {
                if *is_marked {
                    format!("[{part}]")
                } else {
                    part.clone()
                }
            })
            .collect()
    }

    fn excerpt(text: &str, marked: &str, width: usize) -> String {
        let start = text.find(marked).unwrap();
        let range = start..start + marked.len();
        shown(&Excerpt::of(text, std::slice::from_ref(&range), width))
    }

    #[test]
    fn the_place_stays_in_sight() {
        let text = "the card of the user is 1234 and nobody else's";
        assert_eq!(
            excerpt(text, "1234", 80),
            "the card of the user is [1234] and nobody else's"
        );
        assert_eq!(excerpt(text, "1234", 16), "…r is [1234] and …");
        assert_eq!(excerpt(text, "the card", 16), "[the card] of the…");
        assert_eq!(excerpt(text, "else's", 16), "…d nobody [else's]");
        assert_eq!(excerpt(text, "1234", 3), "[12…]");
    }

    #[test]
    fn several_places_are_marked_each() {
        let text = r#"["so","an","e"]"#;
        let excerpt = Excerpt::of(text, &[2..4, 7..9, 12..13], 80);
        assert_eq!(shown(&excerpt), r#"["[so]","[an]","[e]"]"#);
        assert_eq!(excerpt.carets(), "  ^^   ^^   ^");
        assert_eq!(
            shown(&Excerpt::of(text, &[2..4, 7..9, 12..13], 6)),
            r#"[so]","[…]"#
        );
    }

    #[test]
    fn no_character_is_cut_in_two() {
        for width in 0..24 {
            let shown = excerpt("äöü→äöü→1234→äöü→äöü", "1234", width);
            assert!(
                measure_text_width(&shown) <= width + 2,
                "{shown} is wider than {width}"
            );
        }
        assert_eq!(shortened("äöüäöü", 4), "äöü…");
    }

    #[test]
    fn wide_characters_take_two_columns() {
        let text = "顧客→👩\u{200d}👧→1234→❤\u{fe0f}❤\u{fe0f}→住所";
        for width in 0..30 {
            let shown = excerpt(text, "1234", width);
            let columns = measure_text_width(&shown) - 2;
            assert!(columns <= width, "{shown} is wider than {width}");
            // What is lost to a character that does not fit is less than one.
            let full = measure_text_width(text);
            assert!(columns + 2 >= width.min(full), "{shown} is narrower than {width}");
        }
        assert_eq!(shortened("顧客の住所", 7), "顧客の…");
        assert_eq!(shortened("顧客の住所", 8), "顧客の…");
    }
}
