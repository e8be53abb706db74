//! Items among statements.

use super::builder::Builder;
use super::raw_items::{RawItem, RawKind, behind_attributes, raw_item};
use super::tokens::Kind;

impl Builder<'_> {
    /// The items among the statements `from..to`.
    pub(super) fn nested_items(&self, from: usize, to: usize) -> Vec<RawItem> {
        let mut items = Vec::new();
        let mut at = from;
        let mut begins = true;
        while at < to {
            if begins && let Some(item) = self.nested_item(at, to) {
                at = item.end;
                items.push(item);
                continue;
            }
            match self.lexed.tokens[at].kind {
                Kind::Open(open) => {
                    begins = open == b'{';
                    at = self.lexed.behind(at);
                }
                Kind::Punct(b'#') if self.lexed.is_open(at + 1, b'[') => at = self.lexed.behind(at + 1),
                kind => {
                    begins = kind == Kind::Punct(b';');
                    at += 1;
                }
            }
        }
        items
    }

    pub(super) fn nested_item(&self, at: usize, to: usize) -> Option<RawItem> {
        let lexed = self.lexed;
        let first = behind_attributes(lexed, at);
        if first >= to || !lexed.is_ident(first) {
            return None;
        }
        let next_is_name = lexed.is_ident(first + 1);
        let begins = match lexed.text(first) {
            "use" => next_is_name || lexed.is_path_sep(first + 1) || lexed.is_open(first + 1, b'{'),
            "fn" | "struct" | "enum" | "trait" | "mod" | "type" | "union" => next_is_name,
            "impl" | "extern" => true,
            "const" => {
                next_is_name
                    && !["async", "move"]
                        .iter()
                        .any(|word| lexed.is_word(first + 1, word))
            }
            "static" | "unsafe" | "async" => next_is_name && !lexed.is_word(first + 1, "move"),
            "macro_rules" => lexed.is_punct(first + 1, b'!'),
            _ => false,
        };
        raw_item(lexed, at, to).filter(|item| begins && item.kind != RawKind::MacroCall)
    }
}
