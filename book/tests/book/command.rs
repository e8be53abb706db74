//! The tables on `cargo ssot`, against the command.

use std::collections::BTreeSet;

use crate::code::variants;
use crate::page::Page;

#[test]
fn every_subcommand_has_its_row() {
    let page = Page::read("book/src/fail-first.md");
    let documented: BTreeSet<_> = page
        .rows()
        .into_iter()
        .filter(|row| row.head.starts_with("cargo ssot"))
        .flat_map(|row| row.codes)
        .map(|code| code.split(' ').next().unwrap().to_owned())
        .collect();
    let known: BTreeSet<_> = variants("Command", &["crates/cargo-ssot/src"])
        .iter()
        .map(|variant| variant.to_lowercase())
        .collect();
    assert_eq!(documented, known);
}
