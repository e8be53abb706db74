use std::ops::Range;

use console::measure_text_width;

use super::text::{escaped, fitting};

/// What stands for what was cut.
const CUT: &str = "…";

/// A text cut to fit, with a place in it that is shown.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct Excerpt {
    pub(super) before: String,
    /// Empty where there is no place to show.
    pub(super) marked: String,
    pub(super) after: String,
}

impl Excerpt {
    /// At most `width` columns of the text around the place, in bytes, or of its beginning.
    pub(super) fn of(text: &str, place: Option<Range<usize>>, width: usize) -> Self {
        let parts = place.and_then(|place| {
            Some((
                text.get(..place.start)?,
                text.get(place.clone())?,
                text.get(place.end..)?,
            ))
        });
        let Some((before, marked, after)) = parts else {
            return Self {
                before: shortened(text, width),
                ..Self::default()
            };
        };
        let marked = shortened(marked, width);
        let left = width - measure_text_width(&marked).min(width);
        let (before, after) = (escaped(before), escaped(after));
        let need = (measure_text_width(&before), measure_text_width(&after));
        // What one side does not need, the other may have.
        let for_before = need.0.min((left / 2).max(left.saturating_sub(need.1)));
        Self {
            before: last_columns(&before, for_before),
            marked,
            after: first_columns(&after, left - for_before),
        }
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

    fn excerpt(text: &str, marked: &str, width: usize) -> String {
        let place = text.find(marked).map(|start| start..start + marked.len());
        let Excerpt {
            before,
            marked,
            after,
        } = Excerpt::of(text, place, width);
        format!("{before}[{marked}]{after}")
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
