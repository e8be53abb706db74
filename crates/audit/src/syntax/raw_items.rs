//! Where items begin and end, by tokens alone: it cuts bodies out before syn reads the rest.

use super::tokens::{Kind, Lexed};

/// An item's tokens: `start..end`, attributes included.
#[derive(Clone, Debug)]
pub(super) struct RawItem {
    pub(super) start: usize,
    /// The keyword, or the first token of a macro's path.
    pub(super) keyword: usize,
    pub(super) end: usize,
    /// The opening delimiter of a body, an inline module, an impl, a trait, or a macro's tokens.
    pub(super) group: Option<usize>,
    pub(super) kind: RawKind,
    /// The items of a module, an impl, a trait or an extern block.
    pub(super) inside: Vec<RawItem>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum RawKind {
    Function,
    /// With items inside.
    Container,
    MacroCall,
    /// A constant or a static.
    Value,
    MacroRules,
    Other,
}

/// The items in `from..to`, as far as they can be told apart. What is no item is left to syn, which says what is wrong with it.
pub(super) fn raw_items(lexed: &Lexed<'_>, from: usize, to: usize) -> Vec<RawItem> {
    let mut items = Vec::new();
    let mut at = from;
    while at < to {
        if lexed.is_punct(at, b'#') && lexed.is_punct(at + 1, b'!') && lexed.is_open(at + 2, b'[') {
            at = lexed.behind(at + 2);
            continue;
        }
        match raw_item(lexed, at, to) {
            Some(item) => {
                at = item.end;
                items.push(item);
            }
            None => at += 1,
        }
    }
    items
}

/// The index behind attributes and visibility.
pub(super) fn behind_attributes(lexed: &Lexed<'_>, mut at: usize) -> usize {
    while lexed.is_punct(at, b'#') && lexed.is_open(at + 1, b'[') {
        at = lexed.behind(at + 1);
    }
    if lexed.is_word(at, "pub") {
        at += 1;
        if lexed.is_open(at, b'(') {
            at = lexed.behind(at);
        }
    }
    at
}

/// The item that begins at `start`.
pub(super) fn raw_item(lexed: &Lexed<'_>, start: usize, to: usize) -> Option<RawItem> {
    let mut at = behind_attributes(lexed, start);
    at = behind_modifiers(lexed, at);
    if at >= to || !(lexed.is_ident(at) || lexed.is_path_sep(at)) {
        return None;
    }
    let keyword = at;
    let mut item = RawItem {
        start,
        keyword,
        end: to,
        group: None,
        kind: RawKind::Other,
        inside: Vec::new(),
    };
    match lexed.text(at) {
        "use" | "type" => item.end = behind_semicolon(lexed, at, to),
        "static" | "const" => {
            item.kind = RawKind::Value;
            item.end = behind_semicolon(lexed, at, to);
        }
        "fn" => {
            item.kind = RawKind::Function;
            (item.group, item.end) = head(lexed, at + 1, to);
        }
        "extern" if lexed.is_word(at + 1, "crate") => item.end = behind_semicolon(lexed, at, to),
        "mod" | "trait" | "impl" | "extern" => {
            (item.group, item.end) = head(lexed, at + 1, to);
            item.contain(lexed);
        }
        "struct" | "enum" => (_, item.end) = head(lexed, at + 1, to),
        "union" | "macro" if lexed.is_ident(at + 1) => (_, item.end) = head(lexed, at + 1, to),
        _ => {
            let bang = behind_path(lexed, at);
            if !lexed.is_punct(bang, b'!') {
                return None;
            }
            item.kind = RawKind::MacroCall;
            let mut group = bang + 1;
            if lexed.is_ident(group) {
                item.kind = RawKind::MacroRules;
                group += 1;
            }
            let Kind::Open(open) = lexed.tokens.get(group)?.kind else {
                return None;
            };
            item.group = Some(group);
            item.end = lexed.behind(group);
            if open != b'{' && lexed.is_punct(item.end, b';') {
                item.end += 1;
            }
        }
    }
    Some(item)
}

impl RawItem {
    fn contain(&mut self, lexed: &Lexed<'_>) {
        if let Some(group) = self.group {
            self.kind = RawKind::Container;
            self.inside = raw_items(lexed, group + 1, lexed.behind(group) - 1);
        }
    }
}

fn behind_modifiers(lexed: &Lexed<'_>, mut at: usize) -> usize {
    loop {
        if !lexed.is_ident(at) {
            return at;
        }
        let modifies = match lexed.text(at) {
            "unsafe" | "async" | "default" | "safe" | "auto" | "gen" => {
                lexed.is_ident(at + 1) || (lexed.is_word(at, "unsafe") && lexed.is_open(at + 1, b'{'))
            }
            "const" => ["fn", "unsafe", "async", "extern"]
                .iter()
                .any(|word| lexed.is_word(at + 1, word)),
            "extern" => {
                let abi = usize::from(
                    lexed
                        .tokens
                        .get(at + 1)
                        .is_some_and(|token| token.kind == Kind::Text),
                );
                if lexed.is_word(at + 1 + abi, "fn") {
                    at += abi;
                    true
                } else {
                    false
                }
            }
            _ => false,
        };
        if !modifies {
            return at;
        }
        at += 1;
    }
}

fn behind_semicolon(lexed: &Lexed<'_>, mut at: usize, to: usize) -> usize {
    while at < to {
        match lexed.tokens[at].kind {
            Kind::Punct(b';') => return at + 1,
            Kind::Open(_) => at = lexed.behind(at),
            _ => at += 1,
        }
    }
    to
}

/// The group in braces that ends an item, if it is not ended by a semicolon, and the index behind.
fn head(lexed: &Lexed<'_>, mut at: usize, to: usize) -> (Option<usize>, usize) {
    let mut angles = 0_usize;
    while at < to {
        match lexed.tokens[at].kind {
            Kind::Punct(b';') => return (None, at + 1),
            Kind::Open(b'{') if angles == 0 => return (Some(at), lexed.behind(at)),
            Kind::Open(_) => {
                at = lexed.behind(at);
                continue;
            }
            Kind::Punct(b'<') => angles += 1,
            // Not that of `->`.
            Kind::Punct(b'>') if !(at > 0 && lexed.is_punct(at - 1, b'-') && lexed.joined(at - 1)) => {
                angles = angles.saturating_sub(1);
            }
            _ => {}
        }
        at += 1;
    }
    (None, to)
}

fn behind_path(lexed: &Lexed<'_>, mut at: usize) -> usize {
    loop {
        if lexed.is_path_sep(at) {
            at += 2;
        }
        if !lexed.is_ident(at) {
            return at;
        }
        at += 1;
        if !lexed.is_path_sep(at) {
            return at;
        }
    }
}
