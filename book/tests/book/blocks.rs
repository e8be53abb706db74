//! The blocks of code that rustdoc does not look at.

use std::process::{Command, Stdio};

use crate::code::sources;
use crate::page::{Block, Page};

fn pages() -> Vec<Page> {
    let mut pages = Page::of_book();
    pages.push(Page::read("README.md"));
    pages
}

fn blocks(language: &str) -> Vec<(String, Block)> {
    let of = |page: Page| {
        let path = page.path.display().to_string();
        page.blocks().into_iter().map(move |block| (path.clone(), block))
    };
    let blocks: Vec<_> = pages()
        .into_iter()
        .flat_map(of)
        .filter(|(_, block)| block.language.split(',').next() == Some(language))
        .collect();
    assert!(!blocks.is_empty(), "there are blocks of `{language}`");
    blocks
}

/// A block that is none of these would be looked at by nobody.
#[test]
fn every_block_is_of_a_known_kind() {
    for page in pages() {
        for Block { language, code } in page.blocks() {
            let is_known = matches!(
                &*language,
                "rust,test_harness"
                    | "rust,test_harness,no_run"
                    | "rust,test_harness,should_panic"
                    | "rust,no_run"
                    | "rust,ignore"
                    | "toml"
                    | "sh"
                    | "text"
            );
            assert!(is_known, "{}: ```{language}\n{code}", page.path.display());
        }
    }
}

/// What needs crates that the book has not is a piece of a crate in `fixtures/postgres`, which is built and run.
#[test]
fn every_block_that_is_not_compiled_here_is_compiled_elsewhere() {
    let files = sources(&["fixtures/postgres"]);
    let texts: Vec<_> = files
        .iter()
        .map(|file| std::fs::read_to_string(file).unwrap())
        .collect();
    for (page, block) in blocks("rust") {
        let is_ours = block.language != "rust,ignore" || texts.iter().any(|text| text.contains(&*block.code));
        assert!(
            is_ours,
            "{page}: no file of fixtures/postgres has\n{}",
            block.code
        );
    }
}

#[test]
fn every_manifest_can_be_read() {
    for (page, block) in blocks("toml") {
        let parsed = block.code.parse::<toml_edit::DocumentMut>();
        parsed.unwrap_or_else(|error| panic!("{page}: {error}\n{}", block.code));
    }
}

#[test]
#[cfg(unix)]
fn a_shell_understands_every_command() {
    use std::io::Write as _;
    for (page, block) in blocks("sh") {
        let mut shell = Command::new("sh")
            .arg("-n")
            .stdin(Stdio::piped())
            .spawn()
            .unwrap();
        shell
            .stdin
            .take()
            .unwrap()
            .write_all(block.code.as_bytes())
            .unwrap();
        assert!(shell.wait().unwrap().success(), "{page}: {}", block.code);
    }
}

#[test]
fn the_readme_fits_and_has_the_test_that_getting_started_goes_on_with() {
    let readme = Page::read("README.md");
    let lines = readme.text.lines().count();
    assert!(lines <= 120, "the README has {lines} lines");
    let first = |page: &Page, language: &str| {
        let blocks = page.blocks().into_iter();
        blocks
            .filter(|block| block.language.starts_with(language))
            .map(|block| block.code)
            .next()
            .unwrap_or_else(|| panic!("{} has a block of `{language}`", page.path.display()))
    };
    let guide = Page::read("book/src/getting-started.md");
    assert_eq!(first(&readme, "rust"), first(&guide, "rust"));
    // Both are what `fixtures/shop` has, whose tests `tests/outside` runs.
    let fixture = Page::read("fixtures/shop/tests/desk.rs");
    assert_eq!(first(&readme, "rust"), fixture.text);
}
