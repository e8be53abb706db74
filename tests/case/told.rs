//! What the harness is told of a test: here, a harness that keeps it.

use std::time::Duration;

use ssot_harness::__command::{Covers, Declared, Target, find_markers};
use ssot_harness::oracle::Kind;
use ssot_harness::trace::Surface;

use self::listening::__private::{FailFirst, Failed, Flavor, Test, Timeout};

/// The harness, but for running tests: it keeps what it is told of them.
mod listening {
    pub(super) mod __private {
        use std::cell::Cell;

        pub(in super::super) use ssot_harness::__private::*;

        thread_local! {
            pub(in super::super) static TOLD: Cell<Option<&'static Test>> = const { Cell::new(None) };
        }

        #[expect(clippy::unnecessary_wraps, reason = "it stands in for one that may fail")]
        pub(in super::super) fn run(test: &'static Test, body: Body) -> Result<(), Failed> {
            drop(body);
            TOLD.set(Some(test));
            Ok(())
        }
    }
}

/// The harness, but that it keeps the lines that a test comes to.
mod following {
    pub(super) mod __private {
        use std::sync::Mutex;

        pub(in super::super) use ssot_harness::__private::*;

        pub(in super::super) static LINES: Mutex<Vec<u32>> = Mutex::new(Vec::new());

        pub(in super::super) fn at(line: u32) {
            LINES.lock().unwrap().push(line);
        }
    }
}

fn told(test: fn() -> Result<(), Failed>) -> &'static Test {
    test().unwrap();
    listening::__private::TOLD.take().unwrap()
}

#[ssot_harness::test(crate = crate::told::listening)]
fn plain() {}

mod alike {
    #[ssot_harness::test(crate = crate::told::listening)]
    pub(in crate::told) fn sums() {
        assert_eq!(1 + 1, 2);
    }

    #[rustfmt::skip]
    pub(super) mod otherwise {
        /// With documentation.
        #[ssot_harness::test(crate = crate::told::listening, timeout = "1s")]
        pub(in crate::told) fn sums() { /* with a comment */ assert_eq!(1+1, 2,); }
    }
}

mod further {
    /// With documentation.
    #[ssot_harness::test(
        crate = crate::told::listening,
        timeout = "1m30s",
        flavor = "multi_thread",
        worker_threads = 2,
        fail_first(issue = "shop#12", expect = "context-leak", surface = "log")
    )]
    pub(super) async fn on_threads() {}

    #[ssot_harness::test(
        crate = crate::told::listening,
        timeout = "off",
        flavor = "current_thread",
        start_paused = true,
        fail_first(issue = "shop#13", expect_message = "3 events")
    )]
    pub(super) async fn on_one_thread() {}

    #[ssot_harness::test(
        crate = crate::told::listening,
        flavor = "multi_thread",
        fail_first(issue = "shop#14", expect = "hang")
    )]
    pub(super) fn on_any_threads() {}
}

#[test]
fn a_test_is_told_by_its_place() {
    let test = told(plain);
    assert_eq!(
        (test.module, test.name, test.file),
        (module_path!(), "plain", file!())
    );
    let line = include_str!("told.rs")
        .lines()
        .position(|line| line == "fn plain() {}")
        .unwrap();
    assert_eq!(test.line as usize, line + 1);
    assert_eq!(told(further::on_threads).module, "case::told::further");
}

#[test]
fn options_that_are_not_given_are_told_as_such() {
    let test = told(plain);
    assert_eq!(test.timeout, Timeout::Unset);
    assert_eq!(test.flavor, Flavor::CurrentThread);
    assert!(!test.start_paused);
    assert_eq!(test.fail_first, None);
}

#[test]
fn options_are_told() {
    let test = told(further::on_threads);
    assert_eq!(test.timeout, Timeout::After(Duration::from_secs(90)));
    assert_eq!(test.flavor, Flavor::MultiThread(Some(2)));
    assert!(!test.start_paused);
    let test = told(further::on_one_thread);
    assert_eq!(test.timeout, Timeout::Off);
    assert_eq!(test.flavor, Flavor::CurrentThread);
    assert!(test.start_paused);
    let test = told(further::on_any_threads);
    assert_eq!(test.flavor, Flavor::MultiThread(None));
}

#[test]
fn what_a_test_fails_with_first_is_told() {
    let [violation, message, anywhere] = [
        further::on_threads,
        further::on_one_thread,
        further::on_any_threads,
    ]
    .map(|test| told(test).fail_first.unwrap());
    let expected = FailFirst {
        issue: "shop#12",
        expect: Some(Kind::ContextLeak),
        expect_message: None,
        surface: Some(Surface::Log),
        marker: violation.marker,
    };
    assert_eq!(violation, expected);
    let expected = FailFirst {
        issue: "shop#13",
        expect: None,
        expect_message: Some("3 events"),
        surface: None,
        marker: message.marker,
    };
    assert_eq!(message, expected);
    assert_eq!((anywhere.expect, anywhere.surface), (Some(Kind::Hang), None));
}

/// So `cargo ssot` finds them, also those that never run.
#[test]
fn what_a_test_fails_with_first_can_be_read_off_its_program() {
    let program = std::fs::read(std::env::current_exe().unwrap()).unwrap();
    let found = find_markers(&program);
    for (test, name, expect) in [
        (
            further::on_threads as fn() -> Result<(), Failed>,
            "on_threads",
            "context-leak/log",
        ),
        (further::on_one_thread, "on_one_thread", "\"3 events\""),
        (further::on_any_threads, "on_any_threads", "hang"),
    ] {
        let told = told(test);
        let declared = Declared {
            krate: "case".to_owned(),
            test: format!("told::further::{name}"),
            file: told.file.to_owned(),
            line: told.line,
            source: told.source,
            issue: told.fail_first.unwrap().issue.to_owned(),
            expect: expect.to_owned(),
            target: Some(Target::Test),
            support: Vec::new(),
            covers: told.covers.map(|covers| Covers {
                own: covers.own,
                digest: covers.digest,
                files: covers
                    .files
                    .iter()
                    .map(|(file, hash)| ((*file).to_owned(), *hash))
                    .collect(),
            }),
        };
        assert_eq!(told.target, "test");
        let covers = declared.covers.as_ref().unwrap();
        assert_eq!(
            covers.files.keys().collect::<Vec<_>>(),
            ["tests/case/told.rs"],
            "it calls nothing"
        );
        assert_eq!(told.fail_first.unwrap().to_string(), expect);
        assert_eq!(
            found.iter().filter(|found| **found == declared).count(),
            1,
            "{found:?}"
        );
    }
}

#[test]
fn the_source_is_told_as_a_hash_of_what_it_says() {
    let sums = told(alike::sums).source;
    assert_eq!(
        sums, 7_606_210_620_842_973_007,
        "the same for ever, as recorded tests are known by it"
    );
    assert_eq!(told(alike::otherwise::sums).source, sums);
    assert_ne!(told(plain).source, sums);
}

/// The lines of a test that this test came to, counted from the first.
#[ssot_harness::test(crate = crate::told::following)]
async fn every_statement_is_announced_by_its_line() {
    let first = line!();
    use std::fmt::Write as _;
    const TWO: u32 = 2;
    let three = {
        let one = 1;
        one + TWO
    };
    assert_eq!(three, 3, "a macro");
    let mut text = String::new();
    write!(text, "{three}").unwrap();
    if text.is_empty() {
        return;
    }
    let lines = following::__private::LINES.lock().unwrap().clone();
    let lines: Vec<_> = lines.iter().map(|line| line - first).collect();
    assert_eq!(lines, [0, 3, 7, 8, 9, 10, 13]);
}
