use std::borrow::Cow;

use shlex::Quoter;

/// The text as one word of a POSIX shell.
pub(super) fn shell_word(text: &str) -> Cow<'_, str> {
    let quoter = Quoter::new().allow_nul(true);
    quoter
        .quote(text)
        .expect("a text is refused only for a nul, which is allowed")
}

/// The same in quotes, whether it needs them or not.
pub(super) fn shell_quoted(text: &str) -> String {
    match shell_word(text) {
        Cow::Borrowed(plain) => format!("'{plain}'"),
        Cow::Owned(quoted) => quoted,
    }
}

/// The text as a string literal of Rust, raw where that is easier to read.
pub(super) fn rust_literal(text: &str) -> String {
    let is_raw = text.contains(['"', '\\']) && !text.contains(char::is_control);
    if !is_raw {
        return format!("{text:?}");
    }
    let longest = text
        .split('"')
        .skip(1)
        .map(|after| after.bytes().take_while(|byte| *byte == b'#').count());
    let fence = "#".repeat(longest.max().map_or(0, |longest| longest + 1));
    format!("r{fence}\"{text}\"{fence}")
}

#[cfg(test)]
mod tests {
    use std::process::Command;

    use super::{rust_literal, shell_quoted, shell_word};

    const AWKWARD: [&str; 6] = [
        "v1:one@1:1x2,2x3",
        r#"v1:one@1:1|[["it's","a \"quote\""]]"#,
        "''",
        "$HOME `id` \\ ! * #",
        "",
        "zwölf\tZeichen\nin zwei Zeilen",
    ];

    #[test]
    #[cfg(unix)]
    fn a_shell_reads_back_what_was_quoted() {
        for text in AWKWARD {
            for quoted in [shell_quoted(text).into(), shell_word(text)] {
                let output = Command::new("sh")
                    .args(["-c", &format!("printf %s {quoted}")])
                    .output()
                    .unwrap();
                assert_eq!(String::from_utf8(output.stdout).unwrap(), text, "{quoted}");
            }
        }
    }

    #[test]
    fn only_what_needs_quotes_has_them() {
        assert_eq!(shell_word("chat::answers_stay"), "chat::answers_stay");
        assert_eq!(shell_word("two words"), "'two words'");
    }

    #[test]
    fn a_literal_has_as_many_hashes_as_it_needs() {
        assert_eq!(rust_literal("v1:one@1:1x2"), r#""v1:one@1:1x2""#);
        assert_eq!(rust_literal(r#"a "b""#), "r#\"a \"b\"\"#");
        assert_eq!(rust_literal(r##"a "#b"##), r###"r##"a "#b"##"###);
        assert_eq!(rust_literal(r"a\b"), r#"r"a\b""#);
        assert_eq!(rust_literal("a\"\n"), r#""a\"\n""#);
    }
}
