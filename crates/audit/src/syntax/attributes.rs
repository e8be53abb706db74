//! What attributes say of an item.

use proc_macro2::{TokenStream, TokenTree};
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
    let attributes = parts(tokens).into_iter().skip(1);
    attributes.filter_map(|part| syn::parse2(part).ok()).collect()
}

/// What commas separate.
fn parts(tokens: &TokenStream) -> Vec<TokenStream> {
    let mut parts = vec![TokenStream::new()];
    for token in tokens.clone() {
        match &token {
            TokenTree::Punct(punct) if punct.as_char() == ',' => parts.push(TokenStream::new()),
            _ => parts.last_mut().expect("there is always one").extend([token]),
        }
    }
    parts
}

/// As [`is_for_tests`], of a predicate's text.
pub(super) fn holds_in_tests_only(predicate: &str) -> bool {
    predicate.parse().is_ok_and(|tokens| is_for_tests(&tokens))
}

/// Whether a predicate of `cfg` holds in builds for tests only: those of `cfg(test)`, or with a feature that is named after tests.
/// Whatever else it asks for may hold or not.
fn is_for_tests(tokens: &TokenStream) -> bool {
    !may_hold(tokens, true)
}

/// Whether a predicate may come to this value outside of tests. What cannot be read may come to either.
fn may_hold(tokens: &TokenStream, value: bool) -> bool {
    let tokens: Vec<TokenTree> = tokens.clone().into_iter().collect();
    match &tokens[..] {
        [TokenTree::Ident(word)] if word == "test" => !value,
        [
            TokenTree::Ident(word),
            TokenTree::Punct(_),
            TokenTree::Literal(name),
        ] if word == "feature" && is_named_after_tests(&name.to_string()) => !value,
        [TokenTree::Ident(word), TokenTree::Group(group)] => {
            let mut parts = parts(&group.stream()).into_iter().filter(|part| !part.is_empty());
            match (word.to_string().as_str(), value) {
                ("not", _) => parts.all(|part| may_hold(&part, !value)),
                ("any", true) | ("all", false) => parts.any(|part| may_hold(&part, value)),
                ("any", false) | ("all", true) => parts.all(|part| may_hold(&part, value)),
                _ => true,
            }
        }
        _ => true,
    }
}

/// Whether a word of a feature's name is one for tests: `test-util` and `mocks`, not `latest` or `testnet`.
fn is_named_after_tests(feature: &str) -> bool {
    let mut words = feature.split(|c: char| !c.is_ascii_alphanumeric());
    words.any(|word| {
        ["test", "mock", "fixture", "unittest"]
            .iter()
            .any(|start| word.starts_with(start))
            && !word.starts_with("testnet")
    })
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
        for only_in_tests in [
            parse_quote!(#[cfg(test)]),
            parse_quote!(#[cfg(any(test, feature = "testing"))]),
            parse_quote!(#[cfg(all(unix, test))]),
            parse_quote!(#[cfg(all(test, not(miri)))]),
            parse_quote!(#[cfg(any(all(test, unix), all(test, windows),))]),
            parse_quote!(#[cfg(not(not(test)))]),
            parse_quote!(#[cfg(not(any(unix, not(test))))]),
            parse_quote!(#[cfg(feature = "test-util")]),
            parse_quote!(#[cfg(feature = "prometheus-integration-tests")]),
            parse_quote!(#[cfg(any())]),
            parse_quote!(#[tokio::test(flavor = "current_thread")]),
        ] {
            assert!(test(only_in_tests));
        }
        for elsewhere_too in [
            parse_quote!(#[cfg(not(test))]),
            parse_quote!(#[cfg(any(test, feature = "x"))]),
            parse_quote!(#[cfg(any(feature = "sinks-influxdb", feature = "prometheus-integration-tests"))]),
            parse_quote!(#[cfg(all(unix, not(test)))]),
            parse_quote!(#[cfg(not(all(test, unix)))]),
            parse_quote!(#[cfg(feature = "fast")]),
            parse_quote!(#[cfg(feature = "latest")]),
            parse_quote!(#[cfg(feature = "testnet")]),
            parse_quote!(#[cfg(target(os = "linux"))]),
            parse_quote!(#[cfg(all())]),
            parse_quote!(#[inline]),
        ] {
            assert!(!test(elsewhere_too));
        }
    }

    #[test]
    fn what_a_cfg_attr_adds_counts() {
        let found = facts(&[parse_quote!(#[cfg_attr(unix, deprecated, path = "unix.rs")])]);
        assert!(found.flags.deprecated);
        assert_eq!(found.paths, [("unix.rs".to_owned(), false)]);
    }
}
