//! Files of the ledger that somebody, or something, has spoilt.

use std::fs;

use ssot_harness::__command::Ledger;
use tempfile::TempDir;

use crate::table::green_entry;

/// What is said of a file that holds this instead.
fn said_of(text: &str) -> (Option<usize>, String) {
    let folder = TempDir::new().unwrap();
    let ledger = Ledger::of_package(folder.path());
    let file = Ledger::file("shop", "cards");
    fs::create_dir_all(folder.path().join("fail-first/shop")).unwrap();
    fs::write(folder.path().join(&file), text).unwrap();
    let error = ledger.read(&file).unwrap_err();
    assert_eq!(
        fs::read_to_string(folder.path().join(&file)).unwrap(),
        text,
        "it is left as it is"
    );
    (error.line(), error.to_string())
}

#[test]
fn each_says_line_and_remedy() {
    let good = green_entry(7).to_string();
    let without = |beginning: &str| {
        let lines = good.split_inclusive('\n');
        lines
            .filter(|line| !line.starts_with(beginning))
            .collect::<String>()
    };
    let again = "restore it from version control, or delete it and prove the test again";
    for (what, text, line, words, remedy) in [
        (
            "a merge conflict",
            good.replace("version", "<<<<<<< HEAD\nversion"),
            Some(3),
            "a merge conflict",
            "keep one side of it",
        ),
        (
            "a newer version",
            good.replace("version = 1", "version = 2"),
            Some(3),
            "version 2, where this release reads version 1",
            "use the release of ssot-harness that wrote it",
        ),
        ("half a file", good[..good.len() / 2].to_owned(), None, "", again),
        (
            "an empty file",
            String::new(),
            Some(0),
            "the file ends without `version`, a number",
            again,
        ),
        (
            "no hash",
            good.replace("source = \"0000000000000007\"", "source = \"seven\""),
            Some(6),
            "`source` is `seven`",
            again,
        ),
        (
            "another type",
            good.replace("issue = \"shop#12\"", "issue = 12"),
            Some(4),
            "`issue` is not a text",
            again,
        ),
        (
            "no table",
            without("[red]").replace("kind =", "red = 3\nkind ="),
            Some(8),
            "",
            again,
        ),
        (
            "an unknown way",
            good.replace("seen = \"run\"", "seen = \"hearsay\""),
            Some(12),
            "`seen` is `hearsay`",
            again,
        ),
        (
            "no shape",
            without("shape"),
            Some(15),
            "the file ends without `shape`, a text",
            again,
        ),
        ("no TOML", "certainly not".to_owned(), Some(1), "", again),
    ] {
        let (found, said) = said_of(&text);
        if line.is_some() {
            assert_eq!(found, line, "{what}: {said}\n{text}");
        }
        let place = found.map_or_else(String::new, |line| format!(":{line}"));
        assert!(
            said.starts_with(&format!("fail-first/shop/cards.toml{place}: ")),
            "{what}: {said}"
        );
        assert!(said.contains(words) && said.contains(remedy), "{what}: {said}");
    }
}

/// Wherever a file is cut, it is either whole or an error: never another truth.
#[test]
fn a_file_that_is_cut_anywhere_is_an_error() {
    let good = green_entry(7).to_string();
    let red_ends = good.find("\n[green]").expect("it is green");
    for end in 0..good.len() - 1 {
        // Up to the second table, it is the file of a red test, which it was.
        if end >= red_ends - 1 && end <= red_ends + 1 {
            continue;
        }
        said_of(&good[..end]);
    }
}

#[test]
fn a_folder_in_its_place_is_an_error() {
    let folder = TempDir::new().unwrap();
    let file = Ledger::file("shop", "cards");
    fs::create_dir_all(folder.path().join(&file)).unwrap();
    let error = Ledger::of_package(folder.path()).read(&file).unwrap_err();
    assert!(error.to_string().contains("cannot be read: "), "{error}");
}
