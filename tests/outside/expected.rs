//! What each test of `fixtures/runners/tests/classes.rs` comes to.

use std::collections::BTreeMap;

use ssot_harness::__command::Class::{self, *};

/// A test, its class, and the shape of its evidence.
type Row = (&'static str, Class, Option<&'static str>);

/// Every test of the crate, its class, and the shape of its evidence.
pub(crate) fn expected() -> BTreeMap<&'static str, (Class, Option<&'static str>)> {
    FAILURES_OF_BODIES
        .iter()
        .chain(OTHERS)
        .map(|(test, class, shape)| (*test, (*class, *shape)))
        .collect()
}

const FAILURES_OF_BODIES: &[Row] = &[
    ("declared", Declared, Some("another user's secret `card`")),
    (
        "declared_on_its_surface",
        Declared,
        Some("another user's secret `card`"),
    ),
    (
        "declared_and_kept",
        Declared,
        Some("another user's secret `card`"),
    ),
    ("declared_by_a_message", Declared, Some("there are # sessions")),
    ("declared_by_an_error", Declared, Some("# sessions are left")),
    ("declared_with_a_task_left_behind", Declared, Some("# sessions")),
    ("declared_as_a_task_panic", Declared, Some("# sessions")),
    (
        "declared_by_a_task_that_is_awaited",
        Declared,
        Some("called `Result::unwrap()` on an `Err` value: JoinError::Panic(Id(#), \"# sessions\", ...)"),
    ),
    ("declared_and_resumed_by_a_wrapper", Declared, Some("# sessions")),
    (
        "declared_by_a_text_with_quotes",
        Declared,
        Some("# \"sessions\" of \\ada are left"),
    ),
    (
        "declared_by_an_unwrapped_text",
        Declared,
        Some("called `Result::unwrap()` on an `Err` value: \"# … are left\""),
    ),
    ("declared_by_what_an_error_displays", Declared, Some("# sessions")),
    ("declared_by_an_error_in_a_box", Declared, Some("# sessions")),
    ("declared_by_what_never_held", Declared, Some("# sessions")),
    (
        "declared_by_a_script_in_company",
        Declared,
        Some(
            "the balance of the account that both of them hold is not what both of them have paid into it by now, as it has \
                 to be",
        ),
    ),
    (
        "declared_in_a_case::case_1_first",
        Declared,
        Some("assertion `left == right` failed: # sessions"),
    ),
    (
        "declared_with_values::sessions_1_2",
        Declared,
        Some("assertion `left == right` failed: # sessions"),
    ),
];

const OTHERS: &[Row] = &[
    ("another_error_by_the_harness_words_of_a_task", AnotherError, None),
    ("task_panic_that_is_not_declared", TaskPanic, None),
    ("task_panic_of_a_thread", TaskPanic, None),
    ("task_panic_beside_what_is_declared", TaskPanic, None),
    ("another_panic_where_a_task_has_to", AnotherPanic, None),
    ("passed_where_a_task_has_to_panic", Passed, None),
    ("another_panic_after_one_that_was_caught", Resumed, None),
    ("resumed_from_a_task", Resumed, None),
    ("resumed_out_of_nothing", Resumed, None),
    ("another_panic_without_a_message", AnotherPanic, None),
    ("another_error_by_the_harness_words_of_time", AnotherError, None),
    ("another_error_by_a_proof_that_shows_nothing", AnotherError, None),
    ("another_panic_by_a_proof_that_shows_nothing", AnotherPanic, None),
    ("another_error_by_the_text_of_a_proof", AnotherError, None),
    (
        "another_violation_by_the_words_of_a_report",
        AnotherViolation,
        None,
    ),
    ("another_panic_by_the_words_of_a_report", AnotherPanic, None),
    ("another_panic_by_the_words_of_a_violation", AnotherPanic, None),
    ("vacuous_by_its_words", Vacuous, None),
    ("timeout_that_says_what_is_declared", Timeout, None),
    ("timeout_that_returns_what_is_declared", Timeout, None),
    ("timeout_with_a_guard_that_panics", Timeout, None),
    ("timeout_by_its_words", Timeout, None),
    ("set_up_error_of_a_fixture", SetUpError, None),
    (
        "set_up_error_of_a_fixture_in_a_case::case_1_first",
        SetUpError,
        None,
    ),
    ("set_up_error_of_an_awaited_fixture", SetUpError, None),
    ("another_error_by_a_task_left_behind", AnotherError, None),
    ("passed", Passed, None),
    ("another_violation", AnotherViolation, None),
    ("another_violation_for_its_surface", AnotherViolation, None),
    ("another_panic", AnotherPanic, None),
    ("another_panic_by_unwrap", AnotherPanic, None),
    ("another_error", AnotherError, None),
    ("set_up_error", SetUpError, None),
    ("tear_down_error", TearDownError, None),
    ("tear_down_error_beside_what_is_declared", TearDownError, None),
    ("timeout", Timeout, None),
    ("timeout_of_a_blocked_thread", Timeout, None),
    ("vacuous", Vacuous, None),
    ("proven_between", ProvenBetween, Some("shared")),
];
