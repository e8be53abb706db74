//! A reader of the README pastes the first test, and sees the failure that the README and the book show.

use std::fs;
use std::path::Path;

use crate::crates::{Crate, cargo, profile};

static SHOP: Crate = Crate::new("shop", "desk");

/// The blocks of a page that are a failure of the test, or the whole report of a pass.
fn shown(page: &str) -> String {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join(page);
    let text = fs::read_to_string(path).unwrap();
    let (_, from) = text
        .split_once("```text\nError: context-leak")
        .expect("the failure is shown");
    let (failure, _) = from.split_once("\n```").unwrap();
    format!("Error: context-leak{failure}")
}

/// Without what another machine takes another time for.
fn timeless(text: &str) -> String {
    text.lines()
        .map(|line| match line.split_once(" with one user alone (") {
            Some((before, _)) => format!("{before} with one user alone (…)\n"),
            None => format!("{line}\n"),
        })
        .collect()
}

#[test]
fn the_failure_is_the_one_that_the_readme_and_the_book_show() {
    let folder = SHOP.copy();
    if folder.join("ssot-regressions").exists() {
        fs::remove_dir_all(folder.join("ssot-regressions")).unwrap();
    }
    let ran = cargo(&folder)
        .args(["test", "--test", "desk", "--profile"])
        .arg(profile())
        .output()
        .unwrap();
    let said = timeless(&String::from_utf8_lossy(&ran.stdout));
    assert!(!ran.status.success(), "{said}");
    let guide = timeless(&shown("book/src/getting-started.md"));
    assert!(said.contains(&guide), "shown:\n{guide}\nprinted:\n{said}");
    // The README leaves out how the failure was found.
    let readme = timeless(&shown("README.md"));
    let (leak, replay) = readme
        .split_once("how to replay it\n")
        .expect("the README shows how to replay it");
    for part in [leak, replay] {
        assert!(said.contains(part), "shown:\n{part}\nprinted:\n{said}");
    }
}
