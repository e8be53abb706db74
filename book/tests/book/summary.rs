use std::collections::BTreeSet;
use std::path::{Path, PathBuf};

use crate::code::texts;
use crate::page::{Page, repository};

fn chapters() -> BTreeSet<String> {
    let pages = Page::of_book().into_iter();
    pages
        .map(|page| {
            page.path
                .strip_prefix("book/src")
                .unwrap()
                .to_str()
                .unwrap()
                .to_owned()
        })
        .filter(|path| path != "SUMMARY.md")
        .collect()
}

#[test]
fn every_chapter_is_in_the_summary() {
    let listed = Page::read("book/src/SUMMARY.md").links();
    let set: BTreeSet<_> = listed.iter().cloned().collect();
    assert_eq!(listed.len(), set.len(), "none twice: {listed:?}");
    assert_eq!(set, chapters());
}

/// What is not included is neither compiled nor run.
#[test]
fn every_chapter_and_the_readme_is_included_as_documentation() {
    let included = texts(&[PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("chapters.rs")]);
    let included: BTreeSet<_> = included
        .into_iter()
        .filter(|text| {
            Path::new(text)
                .extension()
                .is_some_and(|extension| extension == "md")
        })
        .collect();
    let mut wanted: BTreeSet<_> = chapters()
        .iter()
        .map(|chapter| format!("src/{chapter}"))
        .collect();
    wanted.insert("../README.md".to_owned());
    assert_eq!(included, wanted);
}

#[test]
fn the_configuration_names_the_folder_of_the_chapters() {
    let text = std::fs::read_to_string(repository().join("book/book.toml")).unwrap();
    let book: toml_edit::DocumentMut = text.parse().unwrap();
    assert_eq!(book["book"]["src"].as_str(), Some("src"));
}
