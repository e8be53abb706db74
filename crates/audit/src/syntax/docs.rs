//! What documentation says of the item below it.

use super::builder::Builder;
use super::index::{Declared, NONE};
use super::raw_items::RawItem;
use super::tokens::Doc;

impl Builder<'_> {
    /// Whether the doc comment above an item says that something else has its place.
    pub(super) fn called_old(&self, start: usize) -> bool {
        self.docs_above(start).any(|doc| says_old(self.text_of_doc(doc)))
    }

    /// Keeps what the doc comment above an item declares of it.
    pub(super) fn superseded(&mut self, start: usize, item: u32) {
        let by: Vec<String> = self
            .docs_above(start)
            .flat_map(|doc| superseded_by(self.text_of_doc(doc)))
            .collect();
        let declared = by.into_iter().map(|by| Declared { item, by });
        self.index.superseded.extend(declared);
    }

    /// Keeps what the doc comment at the top of a file declares of its module.
    pub(super) fn superseded_file(&mut self, items: &[RawItem]) {
        let first = items.first().map_or(usize::MAX, |item| item.start);
        let docs = &self.lexed.docs;
        let at_top = docs.iter().take_while(|doc| doc.before as usize <= first);
        let by: Vec<String> = at_top
            .filter(|doc| doc.inner)
            .flat_map(|doc| superseded_by(self.text_of_doc(doc)))
            .collect();
        let declared = by.into_iter().map(|by| Declared { item: NONE, by });
        self.index.superseded.extend(declared);
    }

    fn docs_above(&self, start: usize) -> impl Iterator<Item = &Doc> {
        let docs = &self.lexed.docs;
        let first = docs.partition_point(|doc| (doc.before as usize) < start);
        let above = docs[first..]
            .iter()
            .take_while(move |doc| doc.before as usize == start);
        above.filter(|doc| !doc.inner)
    }

    fn text_of_doc(&self, doc: &Doc) -> &str {
        &self.lexed.source[doc.start as usize..doc.end as usize]
    }
}

/// What each line `SSOT: superseded by path` of a comment names.
fn superseded_by(text: &str) -> Vec<String> {
    let lines = text.lines().filter_map(|line| {
        let line = line.trim_start_matches(['/', '*', '!', ' ', '\t']);
        let path = line
            .strip_prefix("SSOT: superseded by ")?
            .split_whitespace()
            .next()?;
        let path = path.trim_matches(['`', '[', ']', '.', ',', ';', '*', '/']);
        (!path.is_empty()).then(|| path.to_owned())
    });
    lines.collect()
}

/// Words by which documentation calls an item old.
fn says_old(text: &str) -> bool {
    let text = text.to_ascii_lowercase();
    [
        "legacy",
        "superseded",
        "deprecated",
        "obsolete",
        "replaced by",
        "use the new",
        "old version",
        "old implementation",
        "backward compat",
        "backwards compat",
    ]
    .iter()
    .any(|words| text.contains(words))
}

#[cfg(test)]
mod tests {
    use crate::syntax::index;
    use crate::syntax::index::NONE;

    #[test]
    fn a_line_of_documentation_declares_what_supersedes_its_item() {
        let text = "//! SSOT: superseded by crate::new\n\
                    /// Text.\n/// SSOT: superseded by [`new::Engine`].\npub struct Engine;\n\
                    /** SSOT: superseded by f */ #[inline] fn g() {}\n\
                    /// No SSOT: superseded by this\nfn h() {}\n\
                    // SSOT: superseded by nothing\nfn i() {}\n";
        let index = index(text).expect("it is Rust");
        let found: Vec<(&str, &str)> = index
            .superseded
            .iter()
            .map(|declared| match declared.item {
                NONE => ("file", &*declared.by),
                item => (index.items[item as usize].name.as_str(), &*declared.by),
            })
            .collect();
        assert_eq!(
            found,
            [("file", "crate::new"), ("Engine", "new::Engine"), ("g", "f")]
        );
    }
}
