use console::measure_text_width;

use super::text::{escaped, fitting};

/// Breaks a text at its spaces into lines, the first of at most `first` columns and the others of at most `width`. A
/// word that is wider than a line is broken within. Never empty; escaped.
pub(super) fn wrapped(text: &str, first: usize, width: usize) -> Vec<String> {
    let mut lines = vec![String::new()];
    let mut left = first.max(1);
    let mut is_fresh = true;
    for word in text.split_whitespace() {
        let word = escaped(word);
        let mut word = word.as_str();
        let gap = usize::from(!is_fresh);
        let is_wider_than_a_line = measure_text_width(word) > width.max(1);
        if measure_text_width(word) + gap <= left {
            if !is_fresh {
                lines.last_mut().expect("there is a line").push(' ');
                left -= 1;
            }
        } else if !(is_fresh && is_wider_than_a_line) {
            lines.push(String::new());
            left = width.max(1);
        }
        while measure_text_width(word) > left {
            let (head, rest) = word.split_at(fitting(word, left));
            lines.last_mut().expect("there is a line").push_str(head);
            lines.push(String::new());
            left = width.max(1);
            word = rest;
        }
        lines.last_mut().expect("there is a line").push_str(word);
        left -= measure_text_width(word);
        is_fresh = false;
    }
    lines
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
    }
}
