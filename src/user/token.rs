use std::ops::Range;

/// True where what stands at `range` of `text` is not a piece of a longer word: `user-1` stands alone in `user-1:7`
/// and `by user-1.`, not in `user-10` or `superuser-1`.
pub(crate) fn stands_alone(text: &[u8], range: Range<usize>) -> bool {
    starts_token(text, range.start) && ends_token(text, range.end)
}

/// True where no word goes on from before `start`.
pub(crate) fn starts_token(text: &[u8], start: usize) -> bool {
    start == 0 || !is_word(text[start - 1])
}

fn ends_token(text: &[u8], end: usize) -> bool {
    text.get(end).is_none_or(|&byte| !is_word(byte))
}

/// Bytes beyond ASCII belong to letters of some script.
fn is_word(byte: u8) -> bool {
    byte.is_ascii_alphanumeric() || !byte.is_ascii()
}

#[cfg(test)]
mod tests {
    use rstest::rstest;

    use super::stands_alone;

    #[rstest]
    #[case("user-1", true)]
    #[case("(user-1)", true)]
    #[case("user-1_17", true)]
    #[case("user-1-thread-1", true)]
    #[case("user-10", false)]
    #[case("superuser-1", false)]
    #[case("user-1é", false)]
    fn an_id_stands_alone_where_no_word_goes_on(#[case] text: &str, #[case] alone: bool) {
        let start = text.find("user-1").expect("the text holds the id");
        assert_eq!(stands_alone(text.as_bytes(), start..start + 6), alone);
    }
}
