use std::mem;

use syn::parse::Parser;
use syn::punctuated::Punctuated;
use syn::{AttrStyle, Attribute, Error, Meta, Path, Token, parse_quote};

use crate::errors::Errors;
use crate::neighbours::Source;

const LINT_LEVELS: [&str; 5] = ["allow", "expect", "warn", "deny", "forbid"];

/// What concerns the test as its runner and its reader see it; everything else concerns the body.
const OF_THE_TEST: [&str; 4] = ["doc", "cfg", "ignore", "deprecated"];

/// What gives a function arguments, and makes tests of it by itself.
const OF_CASES: [&str; 8] = [
    "rstest",
    "case",
    "values",
    "fixture",
    "test_case",
    "test_matrix",
    "quickcheck",
    "property_test",
];

const SHOULD_PANIC: &str = "`#[should_panic]` takes any panic for the right one: name the failure with \
     `fail_first(issue = \"…\", expect_message = \"…\")`, or catch the panic in the test";

pub(crate) const SECOND_TEST: &str =
    "two attributes make a test of this function: keep `#[ssot_harness::test]` alone";

pub(crate) const CASES_BELOW: &str = "cases are made before a test is made of each: put `#[rstest]`, its \
     cases and the like above `#[ssot_harness::test]`";

/// A test's attributes, by what they go to.
#[derive(Default)]
pub(crate) struct Attributes {
    /// To the function that the test runner calls.
    pub(crate) test: Vec<Attribute>,
    /// To the function that holds the body.
    pub(crate) body: Vec<Attribute>,
    /// Whether there are cases, which stand at the wrong place, and tell what the arguments are for.
    pub(crate) cases: bool,
}

impl Attributes {
    fn refuse(&mut self, meta: &Meta, source: &Source, errors: &mut Errors) {
        let path = meta.path();
        let is = |name: &str| path.segments.last().is_some_and(|last| last.ident == name);
        // `#[case::first(1)]` is a case that has a name.
        let named_case = path.segments.first().is_some_and(|first| first.ident == "case");
        let message = if is("should_panic") {
            SHOULD_PANIC
        } else if source.names_test(path) {
            SECOND_TEST
        } else if is("bench") {
            "this makes a benchmark of the test: leave out one of the two attributes"
        } else if named_case || OF_CASES.into_iter().any(is) {
            // The first of them speaks for the others.
            if mem::replace(&mut self.cases, true) {
                return;
            }
            CASES_BELOW
        } else {
            return;
        };
        errors.push(Error::new_spanned(meta, message));
    }
}

/// Sorts the attributes. Those that a test cannot have are told in `errors`.
pub(crate) fn sort(attributes: Vec<Attribute>, source: &Source, errors: &mut Errors) -> Attributes {
    let mut sorted = Attributes::default();
    for mut attribute in attributes {
        // `#![…]` within the braces says the same as `#[…]` above the function.
        attribute.style = AttrStyle::Outer;
        match conditional(&attribute) {
            Some((condition, metas)) => {
                let (test, body): (Vec<_>, Vec<_>) =
                    metas.into_iter().partition(|meta| goes_to_test(meta.path()));
                for meta in &body {
                    sorted.refuse(meta, source, errors);
                }
                for (to, metas) in [(&mut sorted.test, test), (&mut sorted.body, body)] {
                    if !metas.is_empty() {
                        to.push(parse_quote!(#[cfg_attr(#condition, #(#metas),*)]));
                    }
                }
            }
            None if goes_to_test(attribute.path()) => sorted.test.push(attribute),
            None => {
                sorted.refuse(&attribute.meta, source, errors);
                sorted.body.push(attribute);
            }
        }
    }
    sorted
}

/// Whether the attribute sets the level of a lint.
pub(crate) fn is_lint_level(attribute: &Attribute) -> bool {
    LINT_LEVELS.iter().any(|level| attribute.path().is_ident(level))
}

fn goes_to_test(path: &Path) -> bool {
    OF_THE_TEST
        .iter()
        .chain(&LINT_LEVELS)
        .any(|name| path.is_ident(name))
}

/// The condition of a `cfg_attr`, and what it makes conditional.
pub(crate) fn conditional(attribute: &Attribute) -> Option<(Meta, Vec<Meta>)> {
    if !attribute.path().is_ident("cfg_attr") {
        return None;
    }
    let tokens = attribute.meta.require_list().ok()?.tokens.clone();
    let metas = Punctuated::<Meta, Token![,]>::parse_terminated
        .parse2(tokens)
        .ok()?;
    let mut metas = metas.into_iter();
    Some((metas.next()?, metas.collect()))
}
