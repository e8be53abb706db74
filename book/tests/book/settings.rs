//! The tables of settings, against the code.

use std::collections::BTreeSet;

use crate::code::{public_functions, sources, texts};
use crate::page::{Page, repository};

fn settings() -> Page {
    Page::read("book/src/settings.md")
}

/// The functions that pieces of code call: `.within(time)`, `user.id()`, `users_n(n)`, `config::<C>()`.
fn functions(codes: &[String]) -> BTreeSet<String> {
    let name = |code: &String| {
        let call = code.split(['(', ':']).next().unwrap();
        call.rsplit('.').next().unwrap().to_owned()
    };
    codes.iter().map(name).collect()
}

#[test]
fn every_setting_of_a_check_has_its_row() {
    assert_eq!(
        functions(&settings().codes_under("A check")),
        public_functions("Check")
    );
}

#[test]
fn every_way_to_build_a_check_has_its_row() {
    let mut known = public_functions("Isolation");
    known.extend(["isolation", "try_isolation"].map(str::to_owned));
    assert_eq!(functions(&settings().codes_under("Building a check")), known);
}

#[test]
fn everything_that_a_user_offers_has_its_row() {
    assert_eq!(
        functions(&settings().codes_under("A script")),
        public_functions("User")
    );
}

#[test]
fn everything_that_a_case_offers_has_its_row() {
    let page = Page::read("book/src/test-cases.md");
    let mut known = public_functions("Case");
    for elsewhere in ["current", "try_current"] {
        assert!(known.remove(elsewhere), "{elsewhere}");
        assert!(
            page.text.contains(&format!("`Case::{elsewhere}()`")),
            "{elsewhere}"
        );
    }
    assert_eq!(functions(&page.codes_under("What a case offers")), known);
}

#[test]
fn every_environment_variable_is_named() {
    let is_variable = |text: &str| {
        text.strip_prefix("SSOT_").is_some_and(|rest| {
            !rest.is_empty() && rest.bytes().all(|byte| byte.is_ascii_uppercase() || byte == b'_')
        })
    };
    // A test that starts itself as another process tells it so by one of these.
    let is_of_tests = |name: &String| name.starts_with("SSOT_TEST_");
    let files = sources(&["src", "crates/macros/src", "crates/cargo-ssot/src"]);
    let read: BTreeSet<_> = texts(&files)
        .into_iter()
        .filter(|text| is_variable(text) && !is_of_tests(text))
        .collect();
    let page = settings();
    let mut named: BTreeSet<_> = page
        .codes_under("Environment variables")
        .iter()
        .map(|code| code.split('=').next().unwrap().to_owned())
        .filter(|name| is_variable(name))
        .collect();
    let own = page
        .text
        .split_once("set by the harness for itself: ")
        .expect("they are named")
        .1;
    let own = own.split_once(". ").unwrap().0;
    named.extend(own.split('`').filter(|word| is_variable(word)).map(str::to_owned));
    assert_eq!(named, read);
}

#[test]
fn every_option_of_the_attribute_has_its_row() {
    let source = repository().join("crates/macros/src/options.rs");
    let text = std::fs::read_to_string(source).unwrap();
    let known = text
        .split_once("const KNOWN")
        .expect("there is a list of options")
        .1;
    let known = known.split_once("];").unwrap().0;
    let known: BTreeSet<_> = known.split('"').skip(1).step_by(2).map(str::to_owned).collect();
    let rows = settings().rows().into_iter();
    let documented: BTreeSet<_> = rows
        .filter(|row| row.head == "option")
        .flat_map(|row| row.codes)
        .map(|code| code.split([' ', '(']).next().unwrap().to_owned())
        .collect();
    assert_eq!(documented, known);
}

#[test]
fn every_feature_has_its_row() {
    let text = std::fs::read_to_string(repository().join("Cargo.toml")).unwrap();
    let manifest: toml_edit::DocumentMut = text.parse().unwrap();
    let features = manifest["features"].as_table().expect("there are features");
    let known: BTreeSet<_> = features
        .iter()
        .map(|(name, _)| name.to_owned())
        .filter(|name| name != "default")
        .collect();
    let documented: BTreeSet<_> = settings().codes_under("Features").into_iter().collect();
    assert_eq!(documented, known);
}
