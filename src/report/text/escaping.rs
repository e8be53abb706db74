use console::measure_text_width;

/// The text in one line, without characters that move the cursor or turn the direction of what follows.
pub(super) fn escaped(text: &str) -> String {
    let mut escaped = String::with_capacity(text.len());
    for character in text.chars() {
        let turns =
            matches!(character, '\u{200e}' | '\u{200f}' | '\u{2028}'..='\u{202e}' | '\u{2066}'..='\u{2069}');
        if character.is_control() || turns {
            escaped.extend(character.escape_default());
        } else {
            escaped.push(character);
        }
    }
    escaped
}

/// How many bytes of the text, at least a character, fit into `width` columns.
pub(super) fn fitting(text: &str, width: usize) -> usize {
    // Of beginnings, for what several characters make together is wider or narrower than they are each.
    let ends = text.char_indices().map(|(at, _)| at).skip(2).chain([text.len()]);
    let first = text.chars().next().map_or(0, char::len_utf8);
    ends.take_while(|&end| measure_text_width(&text[..end]) <= width)
        .last()
        .unwrap_or(first)
}

#[cfg(test)]
mod tests {
    use super::escaped;

    #[test]
    fn a_text_cannot_move_the_cursor() {
        assert_eq!(escaped("a\u{1b}[2J\n\u{202e}ü"), "a\\u{1b}[2J\\n\\u{202e}ü");
    }
}
