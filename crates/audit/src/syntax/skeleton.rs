//! The text of a file without function bodies and comments, for syn.

use super::raw_items::{RawItem, RawKind};
use super::tokens::{Kind, Lexed};

/// The text from `start` to `end` without doc comments and the bodies of `items`.
pub(super) fn skeleton(lexed: &Lexed<'_>, items: &[RawItem], start: usize, end: usize) -> String {
    without_bodies(lexed, items, start, end, |_, text| text.push(' '))
}

/// As [`skeleton`], of the same lines and columns, for syn to say where something is wrong.
pub(super) fn blanked(lexed: &Lexed<'_>, items: &[RawItem], start: usize, end: usize) -> String {
    without_bodies(lexed, items, start, end, blank)
}

fn without_bodies(
    lexed: &Lexed<'_>,
    items: &[RawItem],
    start: usize,
    end: usize,
    blank: impl Fn(&str, &mut String),
) -> String {
    let mut ranges: Vec<(usize, usize)> = lexed
        .docs
        .iter()
        .map(|doc| (doc.start as usize, doc.end as usize))
        .filter(|doc| start <= doc.0 && doc.1 <= end)
        .collect();
    bodies(lexed, items, &mut ranges);
    ranges.sort_unstable();
    let mut text = String::with_capacity(end - start);
    let mut done = start;
    for (start, end) in ranges {
        // A doc comment within a body.
        if end <= done {
            continue;
        }
        let start = start.max(done);
        text.push_str(&lexed.source[done..start]);
        blank(&lexed.source[start..end], &mut text);
        done = end;
    }
    text.push_str(&lexed.source[done..end]);
    text
}

fn bodies(lexed: &Lexed<'_>, items: &[RawItem], ranges: &mut Vec<(usize, usize)>) {
    for item in items {
        match (item.kind, item.group) {
            (RawKind::Container, _) => bodies(lexed, &item.inside, ranges),
            (RawKind::Function | RawKind::MacroCall | RawKind::MacroRules, Some(open)) => {
                ranges.push(inside(lexed, open));
            }
            (RawKind::Value, _) => values(lexed, item, ranges),
            _ => {}
        }
    }
}

/// What stands between two delimiters.
fn inside(lexed: &Lexed<'_>, open: usize) -> (usize, usize) {
    let close = lexed.tokens[open].partner as usize;
    (
        lexed.tokens[open].end as usize,
        lexed.tokens[close].start as usize,
    )
}

/// A constant's value that is a list, as a table of numbers, which costs syn more than everything else.
fn values(lexed: &Lexed<'_>, item: &RawItem, ranges: &mut Vec<(usize, usize)>) {
    let mut at = item.keyword;
    let mut value = false;
    while at < item.end {
        if matches!(lexed.tokens[at].kind, Kind::Open(_)) {
            let is_list = lexed.tokens[at].kind == Kind::Open(b'[')
                && (lexed.is_punct(at - 1, b'=') || lexed.is_punct(at - 1, b'&'));
            if value && is_list {
                ranges.push(inside(lexed, at));
            }
            at = lexed.behind(at);
        } else {
            value |= lexed.is_punct(at, b'=');
            at += 1;
        }
    }
}

/// Lines stay lines. Of the last one, which something follows, the columns stay too.
fn blank(text: &str, into: &mut String) {
    let mut last = text;
    if let Some((before, behind)) = text.rsplit_once('\n') {
        into.extend(std::iter::repeat_n('\n', before.matches('\n').count() + 1));
        last = behind;
    }
    into.extend(std::iter::repeat_n(' ', last.chars().count()));
}

#[cfg(test)]
mod tests {
    use super::{blanked as without, skeleton};
    use crate::syntax::lexer::lex;
    use crate::syntax::raw_items::raw_items;

    fn blanked(text: &str) -> String {
        let lexed = lex(text).expect("it lexes");
        let items = raw_items(&lexed, 0, lexed.tokens.len());
        let short = skeleton(&lexed, &items, 0, text.len());
        syn::parse_file(&short).expect("it still parses");
        let blanked = without(&lexed, &items, 0, text.len());
        syn::parse_file(&blanked).expect("it still parses");
        let words = |text: &str| text.split_whitespace().collect::<String>();
        assert_eq!(words(&short), words(&blanked));
        blanked
    }

    #[test]
    fn bodies_tables_macros_and_comments_are_blanked_in_their_lines_and_columns() {
        let text = "/// é\npub fn f() -> u8 {\n    1\n} const T: &[u8] = &[1, 2]; m! { a b }\nstruct S;";
        let expected = "     \npub fn f() -> u8 {\n\n} const T: &[u8] = &[    ]; m! {     }\nstruct S;";
        assert_eq!(blanked(text), expected);
    }

    #[test]
    fn what_a_constant_needs_to_parse_stays() {
        for text in [
            "const A: u8 = T[1];",
            "const A: u8 = B * (1 << 3);",
            "const A: [u8; 2] = if X { [1, 2] } else { T[0] };",
            "const A: [u8; { 1 + 1 }] = [0; 2];",
            "static A: S = S { x: f(3)[0] };",
            "const _: () = { #[repr(C)] struct S; let x: &[u8] = &[]; };",
        ] {
            assert_eq!(blanked(text).len(), text.len());
        }
    }
}
