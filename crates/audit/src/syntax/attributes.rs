//! What attributes say of an item.

use proc_macro2::{Delimiter, TokenStream, TokenTree};
use syn::{Attribute, Expr, ExprLit, Lit, Meta};

use super::index::Flags;

/// What an item's attributes say.
#[derive(Debug, Default)]
pub(super) struct Facts {
    pub(super) flags: Flags,
    /// Each `#[path = ".."]`, and whether it always holds.
    pub(super) paths: Vec<(String, bool)>,
    pub(super) has_macro_use: bool,
}

/// Attributes of the language and of well-known derives, which rewrite nothing.
const INERT: [&str; 46] = [
    "allow",
    "arg",
    "automatically_derived",
    "bench",
    "cfg",
    "cfg_attr",
    "cold",
    "command",
    "default",
    "deny",
    "deprecated",
    "derive",
    "doc",
    "error",
    "expect",
    "export_name",
    "forbid",
    "from",
    "global_allocator",
    "ignore",
    "inline",
    "instrument",
    "link",
    "link_name",
    "macro_export",
    "macro_use",
    "must_use",
    "no_mangle",
    "no_std",
    "non_exhaustive",
    "path",
    "pin_project",
    "pyo3",
    "recursion_limit",
    "repr",
    "rustfmt",
    "serde",
    "should_panic",
    "source",
    "structopt",
    "target_feature",
    "test",
    "track_caller",
    "type_length_limit",
    "used",
    "warn",
];

/// Attributes that make a function a test, by their last name.
const TESTS: [&str; 8] = [
    "bench",
    "proptest",
    "quickcheck",
    "rstest",
    "test",
    "test_case",
    "test_log",
    "wasm_bindgen_test",
];

/// What these attributes say.
pub(super) fn facts(attributes: &[Attribute]) -> Facts {
    let mut facts = Facts::default();
    for attribute in attributes {
        facts.add(&attribute.meta, true);
    }
    facts
}

impl Facts {
    fn add(&mut self, meta: &Meta, always: bool) {
        let path = meta.path();
        let Some(last) = path.segments.last() else {
            return;
        };
        let name = last.ident.to_string();
        let flags = &mut self.flags;
        if TESTS.contains(&&*name) {
            flags.test = true;
            return;
        }
        match (&*name, meta) {
            ("cfg", Meta::List(inner)) => {
                flags.conditional = true;
                flags.test |= is_for_tests(&inner.tokens);
            }
            ("cfg_attr", Meta::List(inner)) => {
                for meta in conditional_attributes(&inner.tokens) {
                    self.add(&meta, false);
                }
            }
            ("deprecated", _) => flags.deprecated = true,
            ("macro_export", _) => flags.exported_macro = true,
            ("macro_use", _) => self.has_macro_use = true,
            ("derive", Meta::List(inner)) => {
                flags.derives_default |= derives(&inner.tokens, "Default");
            }
            ("path", Meta::NameValue(pair)) => {
                if let Expr::Lit(ExprLit {
                    lit: Lit::Str(text), ..
                }) = &pair.value
                {
                    self.paths.push((text.value(), always));
                }
            }
            _ => {
                let first = path.segments[0].ident.to_string();
                let tool = matches!(&*first, "rustfmt" | "clippy" | "diagnostic" | "miri");
                flags.foreign_attribute |= !tool && INERT.binary_search(&&*name).is_err();
            }
        }
    }
}

/// The attributes of a `cfg_attr`.
fn conditional_attributes(tokens: &TokenStream) -> Vec<Meta> {
    let mut parts: Vec<Vec<TokenTree>> = vec![Vec::new()];
    for token in tokens.clone() {
        match &token {
            TokenTree::Punct(punct) if punct.as_char() == ',' => parts.push(Vec::new()),
            _ => parts.last_mut().expect("there is always one").push(token),
        }
    }
    parts
        .into_iter()
        .skip(1)
        .filter_map(|part| syn::parse2(part.into_iter().collect()).ok())
        .collect()
}

/// Whether a predicate of `cfg` holds for tests only, as far as its words tell: `test` or a feature with "test" or "mock"
/// in its name, not below `not`.
fn is_for_tests(tokens: &TokenStream) -> bool {
    let mut word = String::new();
    for token in tokens.clone() {
        match token {
            TokenTree::Ident(ident) => {
                word = ident.to_string();
                if word == "test" {
                    return true;
                }
            }
            TokenTree::Group(group)
                if group.delimiter() == Delimiter::Parenthesis
                    && word != "not"
                    && is_for_tests(&group.stream()) =>
            {
                return true;
            }
            TokenTree::Literal(literal) if word == "feature" => {
                let text = literal.to_string();
                if ["test", "mock", "fixture"].iter().any(|part| text.contains(part)) {
                    return true;
                }
            }
            _ => {}
        }
    }
    false
}

fn derives(tokens: &TokenStream, name: &str) -> bool {
    tokens
        .clone()
        .into_iter()
        .any(|token| matches!(token, TokenTree::Ident(ident) if ident == name))
}

#[cfg(test)]
mod tests {
    use syn::parse_quote;

    use super::{INERT, TESTS, facts};

    #[test]
    fn names_are_sorted_for_the_search() {
        assert!(INERT.is_sorted());
        assert!(TESTS.is_sorted());
    }

    #[test]
    fn test_code_is_known_by_its_attributes() {
        let test = |attribute: syn::Attribute| facts(&[attribute]).flags.test;
        assert!(test(parse_quote!(#[cfg(test)])));
        assert!(test(parse_quote!(#[cfg(any(test, feature = "x"))])));
        assert!(test(parse_quote!(#[cfg(feature = "testing")])));
        assert!(test(parse_quote!(#[tokio::test(flavor = "current_thread")])));
        assert!(!test(parse_quote!(#[cfg(not(test))])));
        assert!(!test(parse_quote!(#[cfg(feature = "fast")])));
        assert!(!test(parse_quote!(#[inline])));
    }

    #[test]
    fn what_a_cfg_attr_adds_counts() {
        let found = facts(&[parse_quote!(#[cfg_attr(unix, deprecated, path = "unix.rs")])]);
        assert!(found.flags.deprecated);
        assert_eq!(found.paths, [("unix.rs".to_owned(), false)]);
    }
}
