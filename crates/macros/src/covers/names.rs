use std::collections::BTreeSet;

use proc_macro2::{TokenStream, TokenTree};

/// Names, each once.
pub(super) type Names = BTreeSet<String>;

/// What looks like a name and is none.
const KEYWORDS: [&str; 40] = [
    "Self", "_", "as", "async", "await", "box", "break", "const", "continue", "crate", "do", "dyn", "else",
    "enum", "extern", "false", "fn", "for", "if", "impl", "in", "let", "loop", "match", "mod", "move", "mut",
    "pub", "ref", "return", "self", "static", "struct", "super", "trait", "true", "type", "unsafe", "use",
    "where",
];

/// An identifier as a name: a raw one is the same as it would be otherwise.
pub(super) fn name(ident: &proc_macro2::Ident) -> String {
    let name = ident.to_string();
    name.strip_prefix("r#").map(str::to_owned).unwrap_or(name)
}

/// Every identifier among tokens, wherever it stands.
pub(super) fn names(tokens: TokenStream) -> Names {
    let mut names = Names::new();
    collect(tokens, false, &mut names);
    names
}

/// The names behind the words that define something: what a macro makes by itself.
pub(super) fn defined(tokens: TokenStream) -> Names {
    const WORDS: [&str; 9] = [
        "fn", "struct", "enum", "union", "trait", "type", "const", "static", "mod",
    ];
    let mut found = Names::new();
    let mut before = String::new();
    for token in tokens {
        match token {
            TokenTree::Ident(ident) => {
                if WORDS.contains(&&*before) {
                    found.insert(name(&ident));
                }
                before = ident.to_string();
            }
            TokenTree::Group(group) => {
                found.extend(defined(group.stream()));
                before.clear();
            }
            TokenTree::Punct(_) | TokenTree::Literal(_) => before.clear(),
        }
    }
    found
}

fn collect(tokens: TokenStream, in_attribute: bool, names: &mut Names) {
    let mut is_hash = false;
    for token in tokens {
        let is_behind_hash = std::mem::replace(
            &mut is_hash,
            matches!(&token, TokenTree::Punct(punct) if punct.as_char() == '#'),
        );
        match token {
            TokenTree::Ident(ident) => {
                let name = name(&ident);
                if !KEYWORDS.contains(&&*name) {
                    names.insert(name);
                }
            }
            TokenTree::Group(group) => collect(group.stream(), in_attribute || is_behind_hash, names),
            // `format!("{name}")` and attributes like `#[serde(with = "module::name")]` name things in text.
            TokenTree::Literal(literal) => named_in(&literal.to_string(), in_attribute, names),
            TokenTree::Punct(_) => {}
        }
    }
}

fn named_in(literal: &str, in_attribute: bool, names: &mut Names) {
    let text = literal.trim_matches(|c| c == '"' || c == '#' || c == 'r');
    let is_word = |c: char| c.is_alphanumeric() || c == '_';
    let is_path = in_attribute
        && literal.contains('"')
        && !text.is_empty()
        && text.split("::").all(|part| part.chars().all(is_word));
    if is_path {
        names.extend(text.split("::").map(str::to_owned));
    }
    names.extend(
        literal
            .split('{')
            .skip(1)
            .map(|text| text.chars().take_while(|c| is_word(*c)).collect::<String>())
            .filter(|name| name.starts_with(|c: char| !c.is_ascii_digit())),
    );
}
