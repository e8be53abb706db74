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
    collect(tokens, &mut names);
    names
}

fn collect(tokens: TokenStream, names: &mut Names) {
    for token in tokens {
        match token {
            TokenTree::Ident(ident) => {
                let name = name(&ident);
                if !KEYWORDS.contains(&&*name) {
                    names.insert(name);
                }
            }
            TokenTree::Group(group) => collect(group.stream(), names),
            // `format!("{name}")` and attributes like `#[serde(with = "module::name")]` name things in text.
            TokenTree::Literal(literal) => named_in(&literal.to_string(), names),
            TokenTree::Punct(_) => {}
        }
    }
}

fn named_in(literal: &str, names: &mut Names) {
    let text = literal.trim_matches(|c| c == '"' || c == '#' || c == 'r');
    let is_word = |c: char| c.is_alphanumeric() || c == '_';
    let is_path =
        literal.contains('"') && !text.is_empty() && text.split("::").all(|part| part.chars().all(is_word));
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
