//! Every cell of the table: what is on record, what the test came to, and where it runs.

use std::path::Path;

use ssot_harness::__command::{
    Change, Class, Entry, FailFirst, Fingerprint, Green, JudgedTest, Judgement, Outcome, Red, RunLocation,
    Seen, State, judge,
};
use ssot_harness::oracle::Kind;
use ssot_harness::trace::Surface;

pub(crate) const DECLARED: FailFirst = FailFirst {
    issue: "shop#12",
    expect: Some(Kind::ContextLeak),
    expect_message: None,
    surface: None,
    marker: "",
};

pub(crate) fn red_entry(source: u64) -> Entry {
    let red = Red {
        fingerprint: Fingerprint::of_message("somebody's card is shown"),
        revision: Some("1111".to_owned()),
        seen: Seen::Run,
    };
    Entry::red(&DECLARED, source, red)
}

pub(crate) fn green_entry(source: u64) -> Entry {
    red_entry(source).turned_green(Green {
        revision: Some("2222".to_owned()),
        seen: Seen::Prove,
    })
}

const NOW: u64 = 7;
const BEFORE: u64 = 6;

fn states() -> [(&'static str, State); 5] {
    [
        ("unknown", None),
        ("red", Some(red_entry(NOW))),
        ("green", Some(green_entry(NOW))),
        ("stale red", Some(red_entry(BEFORE))),
        ("stale green", Some(green_entry(BEFORE))),
    ]
    .map(|(name, entry)| (name, State::of(entry, &DECLARED, NOW)))
}

fn outcome(class: Class) -> Outcome {
    let fingerprint = matches!(class, Class::Declared | Class::ProvenBetween)
        .then(|| Fingerprint::of_message("another card is shown"));
    Outcome {
        class,
        fingerprint,
        message: format!("<{class:?}>"),
    }
}

fn judgement(state: &State, class: Class, location: RunLocation) -> Judgement {
    let test = JudgedTest {
        test: "cards_are_kept",
        issue: DECLARED.issue,
        expect: "context-leak",
        file: Path::new("fail-first/shop/cards_are_kept.toml"),
    };
    judge(test, state, &outcome(class), location)
}

/// What a cell has to say: passing with or without a record, or failing with these words.
enum Cell {
    Passes,
    RecordsRed,
    RecordsProof,
    Fails(&'static str),
}

#[expect(
    clippy::match_same_arms,
    reason = "a row after the other, as the table in the documentation has them"
)]
fn expected(state: &str, class: Class, location: RunLocation) -> Cell {
    use Cell::{Fails, Passes, RecordsProof, RecordsRed};
    match (state, class, location) {
        ("unknown", Class::Declared, RunLocation::Local) => RecordsRed,
        ("unknown", Class::Declared, RunLocation::Ci) => {
            Fails("is not in the ledger, which is not written here: CI is set")
        }
        ("unknown", Class::Passed, _) => Fails("cards_are_kept has never been seen red"),
        ("red", Class::Declared, _) => Passes,
        ("red", Class::Passed, _) => Fails("cargo ssot accept cards_are_kept"),
        ("green", Class::Declared, _) => Fails(
            "the fault of shop#12 is back: cards_are_kept fails with context-leak again, which passed at 2222",
        ),
        ("green", Class::Passed | Class::ProvenBetween, _) => Passes,
        ("stale red", Class::Declared, RunLocation::Local) => RecordsRed,
        ("stale red", Class::Declared, RunLocation::Ci) => {
            Fails("was edited after it was recorded in the ledger")
        }
        ("stale red", Class::Passed, _) => Fails("cards_are_kept was edited after it was seen red"),
        ("stale green", Class::Declared, _) => Fails(
            "the test was edited since: if it now shows what is not fixed yet, delete fail-first/shop/cards_are_kept.toml",
        ),
        ("stale green", Class::Passed, _) => Fails("cards_are_kept was edited after it was proven"),
        (_, Class::ProvenBetween, RunLocation::Local) => RecordsProof,
        (_, Class::ProvenBetween, RunLocation::Ci) => {
            Fails("run it where it is not, and commit fail-first/shop/cards_are_kept.toml")
        }
        ("unknown" | "stale red", _, _) => Fails("as it declares for shop#12: that is no evidence"),
        ("red", _, _) => Fails("is red for shop#12 (context-leak), and now fails in another way"),
        ("green", _, _) => {
            Fails("fails, but not with context-leak, for which it was red before shop#12 was fixed")
        }
        ("stale green", _, _) => Fails("it was edited since"),
        (state, _, _) => unreachable!("{state} is no state"),
    }
}

#[test]
fn what_follows_from_state_and_outcome() {
    for (name, state) in &states() {
        for class in Class::ALL {
            for location in [RunLocation::Local, RunLocation::Ci] {
                let cell = format!("{name} × {class:?} × {location:?}");
                let Judgement { verdict, change } = judgement(state, class, location);
                match expected(name, class, location) {
                    Cell::Passes => assert_eq!((verdict, change), (Ok(()), None), "{cell}"),
                    Cell::RecordsRed => {
                        let red = Change::Red(Fingerprint::of_message("another card is shown"));
                        assert_eq!((verdict, change), (Ok(()), Some(red)), "{cell}");
                    }
                    Cell::RecordsProof => {
                        let proof = Change::ProvenBetween(Fingerprint::of_message("another card is shown"));
                        assert_eq!((verdict, change), (Ok(()), Some(proof)), "{cell}");
                    }
                    Cell::Fails(words) => {
                        let why = verdict.expect_err(&cell);
                        assert!(why.contains(words), "{cell}: {why}");
                        assert_eq!(change, None, "{cell}");
                    }
                }
            }
        }
    }
}

/// What a test said is never lost on the way to who reads it.
#[test]
fn a_failing_test_shows_what_it_said() {
    for (name, state) in &states() {
        for class in Class::ALL {
            let Judgement { verdict, .. } = judgement(state, class, RunLocation::Ci);
            let told_elsewhere = matches!(class, Class::Passed | Class::ProvenBetween)
                || class == Class::Declared && !name.contains("green");
            if let (Err(why), false) = (verdict, told_elsewhere) {
                assert!(why.contains(&format!("<{class:?}>")), "{name} × {class:?}: {why}");
            }
        }
    }
}

#[test]
fn a_test_is_stale_when_its_source_its_expectation_or_its_issue_is_another() {
    let state = |declared: &FailFirst, source| State::of(Some(red_entry(NOW)), declared, source).as_str();
    assert_eq!(state(&DECLARED, NOW), "red");
    assert_eq!(state(&DECLARED, BEFORE), "stale");
    for other in [
        FailFirst {
            expect: Some(Kind::Hang),
            ..DECLARED
        },
        FailFirst {
            surface: Some(Surface::Log),
            ..DECLARED
        },
        FailFirst {
            expect: None,
            expect_message: Some("context-leak"),
            ..DECLARED
        },
    ] {
        assert_eq!(state(&other, NOW), "stale", "{other}");
    }
    let renamed = FailFirst {
        issue: "shop#13",
        ..DECLARED
    };
    assert_eq!(state(&renamed, NOW), "stale", "it was seen red for another issue");
}

#[test]
fn what_people_read() {
    let mut read = String::new();
    for (name, state) in &states() {
        for (class, location) in [
            (Class::Declared, RunLocation::Local),
            (Class::Declared, RunLocation::Ci),
            (Class::Passed, RunLocation::Local),
            (Class::Timeout, RunLocation::Local),
        ] {
            if let Err(why) = judgement(state, class, location).verdict {
                read.extend(["== ", name, &format!(", {class:?}, {location:?}\n"), &why, "\n\n"]);
            }
        }
    }
    let mut settings = insta::Settings::clone_current();
    settings.set_snapshot_path("../../snapshots");
    settings.set_prepend_module_to_snapshot(false);
    settings.set_omit_expression(true);
    settings.bind(|| insta::assert_snapshot!("fail_first_verdicts", read.trim_end()));
}
