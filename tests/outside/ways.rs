//! What a person sees of a test that fails, whoever runs it, and what was cleaned up meanwhile.

use std::fs;
use std::path::Path;

use insta::Settings;
use rstest::rstest;
use serde_json::{Value, json};

use crate::crates::Crate;
use crate::runners::{Ran, Runner};

static WAYS: Crate = Crate::new("runners", "ways");

/// The same under every runner: the report, and what the test's parts noted in a file.
fn assert_seen(test: &str, name: &str, run: impl Fn(Runner) -> Ran) {
    for runner in Runner::all() {
        let ran = run(runner);
        assert!(!ran.passed, "{runner:?}\n{}", ran.said);
        if runner == Runner::Nextest && ran.said.contains("SIGINT") {
            // Nextest does not show what a test prints that is interrupted from the keyboard.
            let notes = ran.witnessed.join("\n");
            assert!(known(name).ends_with(&notes), "{notes}\n{}", ran.said);
            continue;
        }
        let seen = format!("{}\n\n== noted ==\n{}", ran.report(), ran.witnessed.join("\n"));
        let mut settings = Settings::clone_current();
        settings.set_snapshot_path("../../snapshots/ways");
        settings.set_prepend_module_to_snapshot(false);
        settings.set_omit_expression(true);
        settings.set_description(format!("the test `{test}` of fixtures/runners/tests/ways.rs"));
        settings.add_filter(r"\d+(\.\d+)? m?s\)", "[time])");
        settings.bind(|| insta::assert_snapshot!(name, seen));
    }
}

fn known(name: &str) -> String {
    let snapshots = Path::new(env!("CARGO_MANIFEST_DIR")).join("snapshots/ways");
    let snapshot =
        fs::read_to_string(snapshots.join(name).with_extension("snap")).expect("other runners came first");
    snapshot.trim_end().to_owned()
}

#[rstest]
fn a_test_that_fails_says_what_failed_and_what_was_cleaned_up(
    #[values(
        "set_up_error",
        "set_up_timeout",
        "body_error",
        "body_error_of_another_type",
        "body_panic",
        "body_panic_without_async",
        "tear_down_error",
        "body_and_tear_down_error",
        "clean_ups_fail_and_hide_nothing",
        "timeout",
        "blocked_thread",
        "blocked_clean_up",
        "leaked_tasks",
        "leaked_sleeper_of_a_paused_clock",
        "busy_blocking_task",
        "detached_panic",
        "detached_panic_in_a_blocking_task",
        "panic_in_a_thread_that_has_entered",
        "a_check_that_fails"
    )]
    test: &str,
) {
    assert_seen(test, test, |runner| runner.run(&WAYS, test));
}

/// Where threads have no names of their own, Linux tells whose they are.
#[test]
#[cfg(target_os = "linux")]
fn a_thread_that_panics_fails_its_test() {
    let test = "panic_in_a_thread";
    assert_seen(test, test, |runner| runner.run(&WAYS, test));
}

#[rstest]
fn a_test_that_is_told_to_end_cleans_up(
    #[values("told_to_end", "told_to_end_while_it_blocks")] test: &str,
    #[values("INT", "TERM")] signal: &str,
) {
    let name = format!("{test}_by_{}", signal.to_lowercase());
    assert_seen(test, &name, |runner| runner.run_and_signal(&WAYS, test, signal));
}

/// Nobody can clean up after that; what runs the test says that it was aborted.
#[test]
fn a_test_that_aborts_is_told_as_that() {
    for runner in Runner::all() {
        let ran = runner.run(&WAYS, "aborted");
        assert!(
            !ran.passed && ran.witnessed.is_empty(),
            "{runner:?}\n{}",
            ran.said
        );
        if runner == Runner::Nextest {
            assert!(ran.said.contains("SIGABRT"), "{}", ran.said);
        }
    }
}

#[test]
fn an_environment_is_put_back_after_every_end() {
    for runner in Runner::all() {
        let ran = runner.run(&WAYS, "environment::");
        assert_eq!(
            ran.witnessed,
            ["the environment is as it was"],
            "{runner:?}\n{}",
            ran.said
        );
        assert!(
            ran.said.contains("1 passed") && ran.said.contains("2 failed"),
            "{runner:?}\n{}",
            ran.said
        );
    }
}

#[test]
fn plain_tests_that_panic_do_not_fail_their_neighbours() {
    for runner in Runner::all() {
        let ran = runner.run(&WAYS, "neighbours::");
        assert_eq!(ran.witnessed, ["sound"], "{runner:?}\n{}", ran.said);
        assert!(
            ran.said.contains("2 passed") && ran.said.contains("1 failed"),
            "{runner:?}\n{}",
            ran.said
        );
    }
}

#[test]
fn a_test_that_passes_reports_on_request() {
    for runner in Runner::all() {
        let quiet = runner.run(&WAYS, "passes");
        assert!(
            quiet.passed && !quiet.said.contains("retries"),
            "{runner:?}\n{}",
            quiet.said
        );
    }
    for runner in [Runner::Threads, Runner::OneThread] {
        let ran = runner.run_with(&WAYS, "passes", &[("SSOT_REPORT", "1".as_ref())]);
        assert!(ran.passed, "{runner:?}\n{}", ran.said);
        for line in [
            "passes took ",
            "  body           ",
            "  spawned tasks  1",
            "  retries        2",
        ] {
            assert!(ran.said.contains(line), "{runner:?}: {line}\n{}", ran.said);
        }
    }
}

#[test]
fn a_test_case_is_printed_as_json_on_request() {
    let json = [
        ("SSOT_REPORT_FORMAT", "json".as_ref()),
        ("SSOT_REPORT", "1".as_ref()),
    ];
    for runner in Runner::all() {
        let ran = runner.run_with(&WAYS, "body_and_tear_down_error", &json);
        assert!(!ran.passed, "{runner:?}\n{}", ran.said);
        let report: Value = serde_json::from_str(ran.report().trim_start_matches("Error: ")).unwrap();
        assert_eq!(report["outcome"], "test-failed", "{report}");
        assert_eq!(report["test"], "body_and_tear_down_error", "{report}");
        let phases: Vec<_> = report["findings"]
            .as_array()
            .unwrap()
            .iter()
            .map(|finding| (&finding["phase"], &finding["problem"]["kind"]))
            .collect();
        assert_eq!(
            phases,
            [
                (&json!("body"), &json!("error")),
                (&json!("tear-down"), &json!("error"))
            ]
        );
        assert_eq!(
            report["cleanups"],
            json!([{ "kind": "tear-down", "what": "ways::Untidy", "done": false }])
        );
    }
    for runner in [Runner::Threads, Runner::OneThread] {
        let ran = runner.run_with(&WAYS, "passes", &json);
        let printed = ran
            .said
            .lines()
            .find_map(|line| serde_json::from_str::<Value>(line).ok());
        let report = printed.unwrap_or_else(|| panic!("{runner:?}: no JSON\n{}", ran.said));
        assert_eq!(report["outcome"], "test-passed", "{report}");
        assert_eq!(report["metrics"]["retries"], 2, "{report}");
    }
}

#[rstest]
#[case(
    "SSOT_TIMEOUT",
    "soon",
    "SSOT_TIMEOUT is `soon`, which is no length of time: "
)]
#[case("SSOT_SEED", "seven", "SSOT_SEED is `seven`, which is no number: ")]
fn a_setting_that_cannot_be_read_is_told(#[case] name: &str, #[case] value: &str, #[case] said: &str) {
    for runner in Runner::all() {
        let ran = runner.run_with(&WAYS, "passes", &[(name, value.as_ref())]);
        assert!(!ran.passed && ran.said.contains(said), "{runner:?}\n{}", ran.said);
    }
}

#[test]
fn the_environment_may_give_a_test_another_timeout() {
    for test in ["told_to_end", "timeout"] {
        let ran = Runner::Threads.run_with(&WAYS, test, &[("SSOT_TIMEOUT", "20ms".as_ref())]);
        assert!(ran.said.contains("not over after 20ms"), "{test}: {}", ran.said);
    }
    let ran = Runner::Threads.run_with(&WAYS, "timeout_after_all", &[("SSOT_TIMEOUT", "off".as_ref())]);
    assert!(ran.passed, "{}", ran.said);
}

#[test]
fn to_wait_for_the_environment_does_not_use_up_a_tests_time() {
    let ran = Runner::Threads.run(&WAYS, "taking_turns::");
    assert!(ran.passed, "{}", ran.said);
    assert_eq!(ran.witnessed, ["had a turn"; 6]);
}

#[test]
fn a_thread_that_was_given_up_does_nothing_more_for_its_test() {
    let ran = Runner::Threads.run(&WAYS, "coming_back::");
    assert!(ran.said.contains("1 passed; 1 failed"), "{}", ran.said);
    // Its future is polled to its end by a thread that nobody waits for; but nothing is taken down a second time.
    let of_the_harness = ["set-up", "clean-up of the body", "clean-up of the set-up"];
    let noted: Vec<_> = ran
        .witnessed
        .iter()
        .filter(|noted| *noted != "the body goes on")
        .collect();
    assert_eq!(noted, of_the_harness, "{}", ran.said);
}

#[test]
fn a_tests_folder_is_removed_whatever_it_came_to() {
    for runner in Runner::all() {
        let ran = runner.run(&WAYS, "leaves_its_folder_behind");
        let [folder] = &ran.witnessed[..] else {
            panic!("{runner:?} noted {:?}\n{}", ran.witnessed, ran.said)
        };
        assert!(folder.contains("leaves_its_folder_behind_"), "{folder}");
        assert!(!Path::new(folder).exists(), "{runner:?} left {folder}");
    }
}
