//! The text of a file without function bodies and comments, of the same lines and columns, for syn.

use super::raw_items::{RawItem, RawKind};
use super::tokens::Lexed;

/// The text from `start` to `end` with doc comments and the bodies of `items` blanked.
pub(super) fn skeleton(lexed: &Lexed<'_>, items: &[RawItem], start: usize, end: usize) -> String {
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
            (RawKind::Function, Some(open)) => {
                let close = lexed.tokens[open].partner as usize;
                ranges.push((
                    lexed.tokens[open].end as usize,
                    lexed.tokens[close].start as usize,
                ));
            }
            (RawKind::Container, _) => bodies(lexed, &item.inside, ranges),
            _ => {}
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
