//! The files of the ledger.

use std::fs;
use std::path::{Path, PathBuf};

use ssot_harness::__command::{Covers, Entry, Fingerprint, Green, Ledger, Red, Seen, Target};
use tempfile::TempDir;

use crate::table::{DECLARED, green_entry, red_entry};

#[test]
fn a_test_has_a_file_of_its_own() {
    assert_eq!(
        Ledger::file("shop", "cards_are_kept"),
        Path::new("fail-first/shop/cards_are_kept.toml")
    );
    assert_eq!(
        Ledger::file("shop", "desk::tests::cards.are_kept::case_1"),
        Path::new("fail-first/shop/desk/tests/cards.are_kept/case_1.toml")
    );
}

#[test]
fn what_is_written_is_read_again() {
    let folder = TempDir::new().unwrap();
    let ledger = Ledger::of_package(folder.path());
    let file = Ledger::file("shop", "cards_are_kept");
    assert_eq!(ledger.read(&file).unwrap(), None);
    let without_git = Entry::red(
        &DECLARED,
        u64::MAX,
        Red {
            fingerprint: Fingerprint {
                kind: "context-leak".to_owned(),
                surface: Some("reply".to_owned()),
                shape: "\"quotes\", back\\slashes,\nlines, \u{7f}, \u{1f} and ünïcode".to_owned(),
            },
            revision: None,
            seen: Seen::ProveBetween,
        },
    );
    for entry in [red_entry(3), green_entry(u64::MAX), without_git] {
        ledger.write(&file, &entry).unwrap();
        assert_eq!(ledger.read(&file).unwrap(), Some(entry));
    }
    assert_eq!(ledger.files().unwrap(), [file]);
}

/// The files of this package, which earlier releases wrote: a new run that comes to the same leaves no difference to commit.
#[test]
fn files_of_earlier_releases_are_written_as_they_are() {
    let ledger = Ledger::of_this_process();
    let files = ledger.files().unwrap();
    assert!(files.len() >= 9, "{files:?}");
    for file in files {
        let written = fs::read_to_string(ledger.root().join(&file)).unwrap();
        let entry = ledger.read(&file).unwrap().unwrap();
        assert_eq!(entry.to_string(), written, "{}", file.display());
    }
}

/// Whatever a text holds, it is between double quotes, in one line.
#[test]
fn a_text_has_one_form() {
    let mut entry = red_entry(1);
    entry.issue = "'#12' \u{1b}[0m\r\n\u{8}\u{c}".to_owned();
    entry.expect = "\"a\\b\"".to_owned();
    let text = entry.to_string();
    let lines: Vec<_> = text.lines().skip(3).take(2).collect();
    assert_eq!(
        lines,
        [r#"issue = "'#12' \u001B[0m\r\n\b\f""#, r#"expect = "\"a\\b\"""#]
    );
}

/// One fact a line, in an order that never changes, so that two branches which add tests never conflict.
#[test]
fn a_file_is_sorted_and_holds_no_time_and_no_path() {
    let entry = Entry {
        red: Red {
            fingerprint: Fingerprint {
                kind: "context-leak".to_owned(),
                surface: Some("reply".to_owned()),
                shape: "another user's secret `card`".to_owned(),
            },
            ..green_entry(0xfeed).red
        },
        ..green_entry(0xfeed)
    };
    let expected = "\
# That this test failed before its fix, and for which reason. Written by ssot-harness: commit it, leave it as it is.
# `cargo ssot status` lists all of them.
version = 1
issue = \"shop#12\"
expect = \"context-leak\"
source = \"000000000000feed\"

[red]
kind = \"context-leak\"
surface = \"reply\"
shape = \"another user's secret `card`\"
revision = \"1111\"
seen = \"run\"

[green]
revision = \"2222\"
seen = \"prove\"
";
    assert_eq!(entry.to_string(), expected);
    let green = entry.green.clone();
    assert_eq!(
        green,
        Some(Green {
            revision: Some("2222".to_owned()),
            seen: Seen::Prove
        })
    );
}

#[test]
fn files_are_listed_in_order_and_nothing_else_is() {
    let folder = TempDir::new().unwrap();
    let ledger = Ledger::of_package(folder.path());
    assert_eq!(ledger.files().unwrap(), Vec::<PathBuf>::new());
    for (krate, test) in [("shop", "b"), ("shop", "a::c"), ("desk", "z")] {
        ledger.write(&Ledger::file(krate, test), &red_entry(1)).unwrap();
    }
    fs::write(folder.path().join("fail-first/README.md"), "not ours").unwrap();
    fs::write(folder.path().join("fail-first/shop/b.99.1.draft"), "a draft").unwrap();
    assert_eq!(
        ledger.files().unwrap(),
        [
            "fail-first/desk/z.toml",
            "fail-first/shop/a/c.toml",
            "fail-first/shop/b.toml"
        ]
        .map(PathBuf::from)
    );
}

#[test]
fn where_nothing_can_be_written_nothing_is_lost() {
    let folder = TempDir::new().unwrap();
    let ledger = Ledger::of_package(folder.path());
    let file = Ledger::file("shop", "cards_are_kept");
    fs::create_dir_all(folder.path().join("fail-first")).unwrap();
    fs::write(
        folder.path().join("fail-first/shop"),
        "a file where the folder belongs",
    )
    .unwrap();
    let error = ledger.write(&file, &red_entry(1)).unwrap_err();
    assert_eq!(error.file(), file);
    let said = error.to_string();
    assert!(
        said.starts_with("fail-first/shop/cards_are_kept.toml: cannot be written: "),
        "{said}"
    );
    assert!(
        said.ends_with("let the tests write it, or set CI=true where nothing is to be recorded"),
        "{said}"
    );
    assert_eq!(
        fs::read_to_string(folder.path().join("fail-first/shop")).unwrap(),
        "a file where the folder belongs"
    );
}

fn entry_of(target: Option<Target>) -> Entry {
    let red = Red {
        fingerprint: Fingerprint {
            kind: "context-leak".to_owned(),
            surface: None,
            shape: "another user's secret `card`".to_owned(),
        },
        revision: None,
        seen: Seen::Run,
    };
    Entry::red(&DECLARED, 7, red).standing_on(target, None)
}

#[test]
fn each_target_has_files_of_its_own() {
    let file = |target| Ledger::file_in(target, "shop", "tests::cards");
    assert_eq!(
        file(Some(Target::Test)),
        Path::new("fail-first/shop/tests/cards.toml")
    );
    assert_eq!(
        file(Some(Target::Lib)),
        Path::new("fail-first/shop+lib/tests/cards.toml")
    );
    assert_eq!(
        file(Some(Target::Bin)),
        Path::new("fail-first/shop+bin/tests/cards.toml")
    );
}

/// Files of earlier releases name no target, and stay where they are.
#[test]
fn a_file_of_an_earlier_release_is_found() {
    let folder = TempDir::new().unwrap();
    let ledger = Ledger::of_package(folder.path());
    let plain = Ledger::file("shop", "tests::cards");
    ledger.write(&plain, &entry_of(None)).unwrap();
    let of_lib = ledger.find(Some(Target::Lib), "shop", "tests::cards").unwrap();
    assert_eq!((&of_lib.file, of_lib.entry), (&plain, Some(entry_of(None))));

    ledger.write(&plain, &entry_of(Some(Target::Lib))).unwrap();
    for (target, file, is_known) in [
        (Target::Lib, "fail-first/shop/tests/cards.toml", true),
        (Target::Bin, "fail-first/shop+bin/tests/cards.toml", false),
        (Target::Test, "fail-first/shop+test/tests/cards.toml", false),
    ] {
        let found = ledger.find(Some(target), "shop", "tests::cards").unwrap();
        assert_eq!(
            (found.file.as_path(), found.entry.is_some()),
            (Path::new(file), is_known)
        );
    }
}

#[test]
fn what_a_test_stands_on_is_written_and_read_again() {
    let folder = TempDir::new().unwrap();
    let ledger = Ledger::of_package(folder.path());
    let file = Ledger::file("shop", "cards");
    let covers = Covers {
        own: 1,
        digest: 2,
        files: [
            ("../fake/src/lib.rs".to_owned(), 3),
            ("tests/de sk.rs".to_owned(), 4),
        ]
        .into(),
    };
    let entry = entry_of(None).standing_on(Some(Target::Bin), Some(covers));
    ledger.write(&file, &entry).unwrap();
    let text = fs::read_to_string(folder.path().join(&file)).unwrap();
    assert!(
        text.contains(
            "target = \"bin\"\nsource = \"0000000000000007\"\nown = \"0000000000000001\"\ncovers = \"0000000000000002\"\n\n\
             [files]\n\"../fake/src/lib.rs\" = \"0000000000000003\"\n\"tests/de sk.rs\" = \"0000000000000004\"\n\n[red]\n"
        ),
        "{text}"
    );
    assert_eq!(ledger.read(&file).unwrap(), Some(entry));
}

#[test]
fn evidence_that_no_run_can_have_put_there_is_an_error() {
    let folder = TempDir::new().unwrap();
    let ledger = Ledger::of_package(folder.path());
    let file = Ledger::file("shop", "cards");
    let honest = entry_of(None);
    let with = |edit: &dyn Fn(&mut Entry)| {
        let mut entry = honest.clone();
        edit(&mut entry);
        entry
    };
    let green = |seen| Green {
        revision: Some("2222".to_owned()),
        seen,
    };
    for (entry, words) in [
        (honest.clone(), None),
        (with(&|entry| entry.green = Some(green(Seen::Run))), None),
        (
            with(&|entry| entry.red.fingerprint.kind = "hang".to_owned()),
            Some("its evidence is of the kind hang"),
        ),
        (
            with(&|entry| entry.expect = "context-leak/log".to_owned()),
            Some("its evidence shows on no surface"),
        ),
        (
            with(&|entry| entry.expect = "\"cards are shared\"".to_owned()),
            Some("its evidence is a context-leak"),
        ),
        (
            with(&|entry| entry.red.fingerprint.shape.clear()),
            Some("its evidence says nothing"),
        ),
        (
            with(&|entry| entry.red.seen = Seen::ProveBetween),
            Some("it was seen red by prove_between, which sees both sides, and not green"),
        ),
        (
            with(&|entry| entry.green = Some(green(Seen::Prove))),
            Some("it was seen red by run and green by prove"),
        ),
        (
            with(&|entry| {
                entry.red.seen = Seen::ProveBetween;
                entry.green = Some(green(Seen::ProveBetween));
            }),
            Some("one run of `prove_between` has one revision, and it has two"),
        ),
    ] {
        ledger.write(&file, &entry).unwrap();
        let found = ledger.find(None, "shop", "cards");
        match words {
            None => assert_eq!(found.unwrap().entry, Some(entry)),
            Some(words) => {
                let said = found.unwrap_err().to_string();
                assert!(
                    said.contains(words) && said.contains("restore the file"),
                    "{said}"
                );
            }
        }
    }
}
